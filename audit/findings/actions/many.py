"""One step of many findings: first what it would do, then all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.errors import Conflict
from audit.core.language import current_language
from audit.core.settings import settings
from audit.journal.actions import record
from audit.journal.queries import entries_about
from audit.routing.queries import routes_held

from ..models import Finding
from ..queries import findings_named, open_at
from ..rules import DECIDED_BY, STATES, State, Verb, Why, refusal, step_for
from .life import FOUND_AGAIN, OPENS_AGAIN, Told, act
from .steps import REFUSALS

NOT_THERE = _("没有这个问题，或者不归您看。")
UNCALLED = {  # though the state would be right
    Verb.TRUST: _("佐证没有疑点，不需要核对。"),
    Verb.WITHDRAW: _("别的检查也发现了它，不能撤回。"),
    Verb.ESCALATE: _("已经在督办。"),
    Verb.RELEASE: _("没有在督办。"),
    Verb.REFER: _("已经移送。"),
}
NOT_ASKED = _("整改单位没有提出这项申请，不需要决定。")
ASKED_ALREADY = _("还有一项申请没有答复，先等答复。")
Numbers = Mapping[str, int | None]  # number → the latest step that was shown; None: nothing yet


@dataclass(frozen=True)
class Outlook:
    """What the step would do to one finding. `why_not`: a sentence where it would not happen;
    `moved`: somebody else has taken a step since this one was shown."""

    number: str
    finding: Finding | None
    why_not: object = ""
    moved: bool = False


def foresee(rows: Numbers, verb: Verb, actor: Actor, *, lock: bool = False) -> list[Outlook]:
    """In the order of `rows`. What this person may not see is as unknown as what is not there."""
    found = {one.number: one for one in findings_named(rows, actor, lock=lock)}
    again = verb in OPENS_AGAIN
    taken = open_at({one.facility_id for one in found.values()}) if again else set()
    outlooks = []
    for number, seq in rows.items():
        finding = found.get(number)
        if finding is None:
            outlooks.append(Outlook(number, None, NOT_THERE, moved=seq is not None))
            continue
        key = (finding.facility_id, finding.rule_id)
        why_not = _why_not(finding, verb, actor) or (FOUND_AGAIN if key in taken else "")
        if again and not why_not:
            taken.add(key)
        moved = seq not in (None, finding.last_seq)
        outlooks.append(Outlook(number, finding, why_not, moved))
    return outlooks


def _why_not(finding: Finding, verb: Verb, actor: Actor) -> object:
    other = settings().recheck_by_other_inspector
    refused = refusal(finding.decisive_facts(), verb, actor, other_inspector=other)
    if refused is None:
        return ""
    if refused is not Why.STATE:
        return REFUSALS[refused]
    if finding.state not in step_for(verb).frm:
        return _only_from(verb)
    return UNCALLED.get(verb) or (NOT_ASKED if verb in DECIDED_BY else ASKED_ALREADY)


def _only_from(verb: Verb) -> object:
    """On the page of one finding such a step is not offered at all."""
    language, frm = current_language(), step_for(verb).frm
    named = [STATES[state].in_(language) for state in State if state in frm]
    return _("这一步只在这些状态下办：%(states)s。", states=str(_("、")).join(named))


def take_many(rows: Mapping[str, int], verb: Verb, actor: Actor, told: Told, bulk_id: UUID) -> None:
    """All of it happens, as if each were taken by itself; `bulk_id` ties the events. The same id a
    second time changes nothing.

    Raises `Conflict` when one of them has moved, or can no longer take the step, and `Invalid` as
    the step itself does; then nothing has happened.
    """
    known = entries_about("bulk", bulk_id, 1)
    if known and known[0].actor_id == actor.id:
        return
    outlooks = foresee(rows, verb, actor, lock=True)
    if known or any(one.moved or one.why_not for one in outlooks):
        raise Conflict
    told = replace(told, more=told.more | {"bulk": str(bulk_id)})
    findings = [one.finding for one in outlooks if one.finding is not None]
    with routes_held():
        for finding in sorted(findings, key=lambda one: one.id):
            act(finding, verb, actor, told)
    detail = {"verb": verb, "numbers": [one.number for one in outlooks]}
    record(actor, "bulk", "bulk", bulk_id, detail=detail)
