"""Take one step of the table: check it, write the event, and set what follows from it."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.journal.actions import record

from ..models import Finding, FindingAssistant, FindingEvent, FindingPhoto
from ..queries import earlier_uses
from ..rules import (
    Life,
    Needs,
    Note,
    State,
    Verb,
    Why,
    after,
    needs_of,
    passed,
    refusal,
    step_for,
    time_to_fix,
)
from .clocks import clocks_told, set_due
from .counts import count_moves
from .route import follow_route

MAX_WHY = 2000
REFUSALS: dict[Why, object] = {
    Why.STATE: _("这个问题的状态已经变化，这一步现在不能做。请看最新的经过后再决定。"),
    Why.ROLE: _("您的角色不能做这一步。"),
    Why.DISTRICT: _("这个问题不在您负责的区县内。"),
    Why.NOT_RESPONSIBLE: _("只有负责整改的单位可以做这一步。"),
    Why.FIXER: _("整改的人或单位不能自己复查销号。请由其他人复查。"),
    Why.OWN_PLEA: _("自己单位的申请，要由别的单位的人决定。"),
    Why.SAME_INSPECTOR: _("复查需由首次检查人以外的人进行。"),
    Why.SECOND_LOOK: _("异议要由没有发现、也没有核实过这个问题的人来决定。"),
    Why.ARBITRATED: _("已经裁定由您单位整改，不能再申请退回。"),
    Why.NOT_FINDER: _("只有发现这个问题的人可以撤回。"),
    Why.NOT_COMPETENT: _("这个问题由别的部门主管，由那个部门或残联督办。"),
}
USED = _("这张照片在这个问题里已经用过，不能说明后来的情况。请重新拍一张。")


def take(
    finding: Finding,
    verb: Verb,
    actor: Actor,
    *,
    why: str = "",
    detail: dict[str, Any] | None = None,
    photos: Iterable[UUID] = (),
) -> FindingEvent:
    """Raises as `check_step` does, and `Invalid` when a reason or a photo is missing, or when a
    photo shows an earlier moment of this finding.

    What speaks against the evidence stands in `detail["doubts"]` and makes the finding doubtful
    until somebody has looked at it or the fix is refused.
    """
    check_step(finding, verb, actor)
    pictures = list(photos)
    step, told = step_for(verb), dict(detail or {})
    _check_needs(needs_of(step, finding.source), why, pictures)
    doubts = told.pop("doubts", {}) | _reused(finding, pictures)
    if doubts:
        told["doubts"] = doubts
    told |= follow_route(finding, verb)
    to = step.to or finding.state
    if step.unnamed is not None and finding.organisation_id is None:
        to = step.unnamed
    return move(finding, verb, to, actor, why, told, pictures)


def _reused(finding: Finding, photos: list[UUID]) -> dict[str, list[str]]:
    """The same bytes elsewhere may be one picture of two things, so that is told, not refused."""
    uses = earlier_uses(photos)
    if finding.id in uses:
        raise Invalid({"photos": USED})
    return {"reused": sorted(uses.values())} if uses else {}


def check_step(finding: Finding, verb: Verb, actor: Actor) -> None:
    """Raises `Conflict` when the state has moved on, `NotAllowed` when the step is not theirs."""
    other = settings().recheck_by_other_inspector
    refused = refusal(finding.decisive_facts(), verb, actor, other_inspector=other)
    if refused is Why.STATE:
        raise Conflict(REFUSALS[refused])
    if refused is not None:
        raise NotAllowed(REFUSALS[refused])


def _check_needs(needs: tuple[Needs, ...], why: str, photos: list[UUID]) -> None:
    problems: dict[str, object] = {}
    if Needs.REASON in needs and not why.strip():
        problems["why"] = _("请写明情况或理由。")
    if len(why) > MAX_WHY:
        problems["why"] = _("太长了，最多 %(most)s 个字。", most=MAX_WHY)
    if Needs.PHOTO in needs and not photos:
        problems["photos"] = _("请至少附一张照片。")
    if problems:
        raise Invalid(problems)


def move(
    finding: Finding,
    verb: Verb,
    to: State,
    actor: Actor,
    why: str,
    detail: dict[str, Any],
    photos: list[UUID],
) -> FindingEvent:
    """Write the step down. The caller has made sure that it may be taken."""
    came_from, moment = finding.state, now()
    finding.changed_at = moment
    event = note(finding, verb, came_from, to, actor, why, detail, at=moment)
    if to is not came_from:
        count_moves([(finding, came_from, to)])
    add_photos([(event, photos)])
    return event


def note(
    finding: Finding,
    verb: Verb,
    came_from: State | None,
    to: State,
    actor: Actor,
    why: str,
    detail: dict[str, Any],
    *,
    at: datetime | None = None,
) -> FindingEvent:
    """Add the event and the journal's entry of a step, and set what follows from it; the next
    flush saves them."""
    finding.last_seq += 1
    event = FindingEvent(
        id=new_id(),
        finding_id=finding.id,
        seq=finding.last_seq,
        at=at or now(),
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        from_state=came_from,
        to_state=to,
        why=why.strip(),
        detail=detail,
    )
    event.detail = detail | clocks_told(finding, event.told())
    live_on(finding, event.told())
    db.session.add(event)
    record(
        actor,
        verb,
        "finding",
        finding.id,
        district=finding.district_code,
        why=event.why,
        detail={"number": finding.number, "from": came_from, "to": to} | event.detail,
    )
    return event


CLOCK = ("clock_since", "limit_amount", "limit_unit", "extended_to", "planned_on")


def live_on(finding: Finding, note: Note) -> None:
    """Keep what follows from an event. Nothing else sets these."""
    before = finding.life()
    life = after(before, note)
    changed = [
        one.name for one in fields(Life) if getattr(life, one.name) != getattr(before, one.name)
    ]
    for name in changed:
        if name != "assistant_ids":
            setattr(finding, name, getattr(life, name))
    if "organisation_id" in changed:
        named = life.organisation_id
        finding.organisation = db.session.get(Organisation, named) if named else None
    if "assistant_ids" in changed:
        _keep_assistants(finding, life.assistant_ids)
    if "clock" in note.detail:
        begun = time_to_fix(finding.milestones(), life.stage, note.verb, note.to, note.at)
        finding.pass_milestones(begun)
    if not set(changed).isdisjoint(CLOCK):
        set_due(finding)
    finding.pass_milestones(passed(finding.milestones(), note.verb, note.to, note.at))


def _keep_assistants(finding: Finding, wanted: frozenset[UUID]) -> None:
    kept = [one for one in finding.assistants if one.organisation_id in wanted]
    fresh = sorted(wanted - finding.assistant_ids)
    finding.assistants = kept + [FindingAssistant(organisation_id=one) for one in fresh]


def add_photos(pairs: Iterable[tuple[FindingEvent, Iterable[UUID]]]) -> None:
    """Tie pictures to their events, which are saved first."""
    rows = [
        {"event_id": event.id, "photo_id": photo}
        for event, photos in pairs
        for photo in dict.fromkeys(photos)
    ]
    if rows:
        db.session.flush()
        db.session.execute(db.insert(FindingPhoto), rows)
