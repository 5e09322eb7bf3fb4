"""One door to the life of a finding: a step of the table, and what it does beyond the state."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.accounts.models import Organisation
from audit.clocks.rules import reply_due
from audit.core.actors import Actor
from audit.core.clock import here
from audit.core.db import db
from audit.core.errors import Conflict, Invalid

from ..models import Finding
from ..queries import find_open_of
from ..rules import Verb
from .clocks import later_day, past_day, planned_day
from .merging import check_main, named_main, tell_main
from .steps import check_step, take

OPENS_AGAIN = frozenset({Verb.REOPEN, Verb.RECONSIDER})
FOUND_AGAIN = _("同一处的同一问题后来又被发现，已有一个未销号的问题。请在那个问题里继续。")


@dataclass(frozen=True)
class Told:
    """What a person says with a step; `main`: into which it is merged; `more` is JSON kept with its
    event."""

    why: str = ""
    organisation_id: UUID | None = None
    until: date | None = None
    urgent: bool = False
    main: Finding | None = None
    photos: tuple[UUID, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


NOTHING = Told()


def act(finding: Finding, verb: Verb, actor: Actor, told: Told = NOTHING) -> None:
    """Any step that asks for no visit.

    Raises `Conflict` when the state has moved on, or a newer finding of the same rule is open at
    the facility; `NotAllowed` when the step is not theirs; `Invalid` for what is missing or wrong.
    """
    check_step(finding, verb, actor)
    detail = BEYOND[verb](finding, told) if verb in BEYOND else {}
    take(finding, verb, actor, why=told.why, detail=detail | told.more, photos=told.photos)
    if "main_id" in detail:
        tell_main(finding, verb, UUID(detail["main_id"]), actor, told.why)


def dispatch(finding: Finding, actor: Actor, organisation_id: UUID | None, why: str = "") -> None:
    act(finding, Verb.DISPATCH, actor, Told(why, organisation_id))


def report_fixed(finding: Finding, actor: Actor, why: str, photos: Iterable[UUID]) -> None:
    act(finding, Verb.REPORT_FIXED, actor, Told(why, photos=tuple(photos)))


def _alone_again(finding: Finding, _told: Told) -> dict[str, Any]:
    if find_open_of(finding.facility_id, [finding.rule_id]):
        raise Conflict(FOUND_AGAIN)
    return {}


def _named(organisation: Organisation | None) -> dict[str, str]:
    if organisation is None:
        return {}
    return {"organisation_id": str(organisation.id), "organisation": organisation.name}


def _to_fix(_finding: Finding, told: Told) -> dict[str, Any]:
    return _named(_organisation(told, _("请选择负责整改的单位。")))


def _organisation(told: Told, problem: object) -> Organisation:
    chosen = told.organisation_id
    found = db.session.get(Organisation, chosen) if chosen else None
    if found is None or not found.active:
        raise Invalid({"organisation": problem})
    return found


def _from(finding: Finding, _told: Told) -> dict[str, Any]:
    """Whose it was until now."""
    return _named(finding.organisation)


def _to_help(finding: Finding, told: Told) -> dict[str, Any]:
    found = _organisation(told, _("请选择协办的单位。"))
    if found.id in (finding.organisation_id, finding.department_id):
        raise Invalid({"organisation": _("这个单位已经负责这个问题，不用另请协办。")})
    if found.id in finding.assistant_ids:
        raise Invalid({"organisation": _("这个单位已经在协办。")})
    return _named(found)


def _helped(finding: Finding, told: Told) -> dict[str, Any]:
    if told.organisation_id not in finding.assistant_ids:
        raise Invalid({"organisation": _("请选择一个正在协办的单位。")})
    return _named(db.session.get(Organisation, told.organisation_id))


def _later(finding: Finding, told: Told) -> dict[str, Any]:
    return {"until": later_day(finding, told.until).isoformat()}


def _planned(_finding: Finding, told: Told) -> dict[str, Any]:
    return {"until": planned_day(told.until).isoformat()}


def _into(finding: Finding, told: Told) -> dict[str, Any]:
    return named_main(check_main(finding, told.main))


def _out_of(finding: Finding, told: Told) -> dict[str, Any]:
    return _alone_again(finding, told) | named_main(finding.merged_into)


def _received(finding: Finding, told: Told) -> dict[str, Any]:
    since = here(finding.referred_at).date() if finding.referred_at else None
    day = past_day(told.until, since)
    due = reply_due(day, urgent=told.urgent).isoformat()
    return {"until": day.isoformat(), "urgent": told.urgent, "reply_due": due}


def _replied(finding: Finding, told: Told) -> dict[str, Any]:
    return {"until": past_day(told.until, finding.advised_on).isoformat()}


BEYOND: dict[Verb, Callable[[Finding, Told], dict[str, Any]]] = {
    Verb.DISPATCH: _to_fix,
    Verb.GRANT_RETURN: _from,
    Verb.REFUSE_RETURN: _from,
    Verb.ASSIST: _to_help,
    Verb.END_ASSIST: _helped,
    Verb.ASK_TIME: _later,
    Verb.GRANT_TIME: _later,
    Verb.PROGRAMME: _planned,
    Verb.RECORD_ADVICE: _received,
    Verb.RECORD_REPLY: _replied,
    Verb.MERGE: _into,
    Verb.UNMERGE: _out_of,
    Verb.REOPEN: _alone_again,
    Verb.RECONSIDER: _alone_again,
}
