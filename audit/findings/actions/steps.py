"""Take one step of the table: check it, move the finding, write event, counts and journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.journal.actions import record

from ..models import Finding, FindingEvent, FindingPhoto
from ..queries import earlier_uses
from ..rules import Needs, State, Verb, Why, needs_of, passed, refusal, step_for
from .clocks import turn_clock
from .counts import count_moves
from .route import follow_route

MAX_WHY = 2000
REFUSALS: dict[Why, object] = {
    Why.STATE: _("这个问题的状态已经变化，这一步现在不能做。请看最新的经过后再决定。"),
    Why.ROLE: _("您的角色不能做这一步。"),
    Why.DISTRICT: _("这个问题不在您负责的区县内。"),
    Why.NOT_RESPONSIBLE: _("只有负责整改的单位可以做这一步。"),
    Why.FIXER: _("整改的人或单位不能自己复查销号。请由其他人复查。"),
    Why.OWN_TIME: _("自己单位申请的延期，要由别的单位的人决定。"),
    Why.SAME_INSPECTOR: _("复查需由首次检查人以外的人进行。"),
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
    organisation_id: UUID | None = None,
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
    to = step.to or finding.state
    if verb is Verb.TRUST or step.to is State.REOPENED:
        finding.doubtful = False
    if doubts:
        finding.doubtful, told["doubts"] = True, doubts
    told |= follow_route(finding, verb)
    return move(finding, verb, to, actor, why, told, pictures, organisation_id)


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
    organisation_id: UUID | None = None,
) -> FindingEvent:
    """Write the step down. The caller has made sure that it may be taken. `organisation_id`: who
    is to fix it from now on, with time of its own where it is another than before."""
    came_from, finding.state, finding.changed_at = finding.state, to, now()
    if to is not came_from:
        count_moves([(finding, came_from, to)])
    elsewhere = organisation_id is not None and organisation_id != finding.organisation_id
    finding.organisation_id = organisation_id or finding.organisation_id
    told = detail | turn_clock(finding, finding.changed_at, anew=elsewhere)
    event = note(finding, verb, came_from, actor, why, told, at=finding.changed_at)
    add_photos([(event, photos)])
    return event


def note(
    finding: Finding,
    verb: Verb,
    came_from: State | None,
    actor: Actor,
    why: str,
    detail: dict[str, Any],
    *,
    at: datetime | None = None,
) -> FindingEvent:
    """Add the event and the journal's entry of a step; the next flush saves them."""
    moment = at or now()
    finding.last_seq += 1
    finding.pass_milestones(passed(finding.milestones(), verb, finding.state, moment))
    event = FindingEvent(
        id=new_id(),
        finding_id=finding.id,
        seq=finding.last_seq,
        at=moment,
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        from_state=came_from,
        to_state=finding.state,
        why=why.strip(),
        detail=detail,
    )
    db.session.add(event)
    record(
        actor,
        verb,
        "finding",
        finding.id,
        district=finding.district_code,
        why=event.why,
        detail={"number": finding.number, "from": came_from, "to": finding.state} | detail,
    )
    return event


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
