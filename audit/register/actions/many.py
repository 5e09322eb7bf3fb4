"""One change to many facilities: first what it would do, then all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from audit.accounts.queries import organisations
from audit.core.actors import Actor, May
from audit.core.errors import Conflict, Invalid
from audit.facilities.actions import draft_of
from audit.facilities.actions.halves import retire_facility
from audit.facilities.models import Facility
from audit.facilities.queries import facilities_named
from audit.facilities.rules import FacilityDraft
from audit.findings.queries import count_open_at
from audit.journal.actions import record
from audit.journal.queries import entries_about

from ..queries import long_why, why_problems
from ..rules import PROGRAMMES, Act, Deed, Standing, WhyNot, programmes_after, why_not
from .changing import OPEN_FINDINGS, edit

SAYS: Mapping[WhyNot, object] = {
    WhyNot.GONE: _("这一处已经注销。"),
    WhyNot.OPEN_FINDINGS: OPEN_FINDINGS,
    WhyNot.NOT_ASKED: _("这一类设施不登记所属专项。"),
    WhyNot.HAS_IT: _("已经在这个专项里。"),
    WhyNot.LACKS_IT: _("不在这个专项里。"),
}
NOT_THERE = _("没有这处设施，或者不归您管。")
Rows = Mapping[str, str | None]  # number → the mark of what was shown; None: nothing yet


@dataclass(frozen=True)
class Outlook:
    """What the act would do to one facility. `mark` is of just what the preview rests on."""

    number: str
    facility: Facility | None
    why_not: object = ""
    mark: str = ""
    moved: bool = False


def foresee(rows: Rows, act: Act, actor: Actor, *, lock: bool = False) -> list[Outlook]:
    """In the order of `rows`. Of what this person may not change nothing is told."""
    found = facilities_named(rows, actor, May.EDIT_FACILITY, lock=lock)
    known = {one.number: one for one in found}
    counts = count_open_at([one.id for one in found])
    outlooks = []
    for number, mark in rows.items():
        one = known.get(number)
        if one is None:
            outlooks.append(Outlook(number, None, NOT_THERE, moved=mark is not None))
            continue
        now = _standing(one, sum(counts.get(one.id, {}).values()))
        why = why_not(act, now)
        present = sha256(repr(now).encode()).hexdigest()[:16]
        moved = mark not in (None, present)
        outlooks.append(Outlook(number, one, SAYS[why] if why else "", present, moved))
    return outlooks


def _standing(one: Facility, open_findings: int) -> Standing:
    tags = tuple(one.facts.get(PROGRAMMES, ()))
    return Standing(one.kind, one.active, one.organisation_id, tags, open_findings)


@dataclass(frozen=True)
class Given:
    """What a person gives with the act."""

    why: str = ""
    organisation_id: UUID | None = None


def change_many(
    rows: Mapping[str, str], act: Act, actor: Actor, bulk_id: UUID, given: Given
) -> None:
    """The same to each of them, as if each were changed by itself; `bulk_id` ties the entries of
    the journal. The same id a second time changes nothing.

    Raises `Invalid` where what the act wants is not given, and `Conflict` when one of them has
    moved, or can no longer be changed so; then nothing has happened.
    """
    _check(act, given)
    known = entries_about("bulk_facilities", bulk_id, 1)
    if known and known[0].actor_id == actor.id:
        return
    outlooks = foresee(rows, act, actor, lock=True)
    if known or any(one.moved or one.why_not for one in outlooks):
        raise Conflict
    places = sorted((one.facility for one in outlooks if one.facility), key=lambda one: one.id)
    more = {"bulk": str(bulk_id)}
    for place in places:
        if act.deed is Deed.RETIRE:  # that none has an open finding has been asked for all at once
            retire_facility(place, actor, given.why, **more)
        else:
            edit(place, _draft_after(act, place, given), actor, more)
    detail = {"act": act.name, "numbers": [one.number for one in places]}
    record(actor, "bulk", "bulk_facilities", bulk_id, why=given.why, detail=detail)


def _check(act: Act, given: Given) -> None:
    problems = why_problems(given.why) if act.deed is Deed.RETIRE else long_why(given.why)
    known = {one.id for one in organisations()} if act.deed is Deed.ORGANISATION else None
    if not problems and known is not None and given.organisation_id not in known:
        problems = {"organisation": gettext("请从列表中选一项。")}
    if problems:
        raise Invalid(problems)


def _draft_after(act: Act, facility: Facility, given: Given) -> FacilityDraft:
    draft = draft_of(facility)
    if act.deed is Deed.ORGANISATION:
        return replace(draft, organisation_id=given.organisation_id)
    facts = {name: value for name, value in draft.facts.items() if name != PROGRAMMES}
    tags = programmes_after(act, facility.facts.get(PROGRAMMES, []))
    return replace(draft, facts={**facts, PROGRAMMES: tags} if tags else facts)
