from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from audit.accounts.models import Organisation
from audit.core.actors import Actor, May
from audit.core.clock import now, today
from audit.core.db import db
from audit.core.errors import NotFound
from audit.findings.models import Finding, FindingEvent, FindingPhoto
from audit.photos.models import Photo

from .models import Assignment, AssignmentItem, AssignmentLink, LinkUse
from .rules import ANSWERS, USE_LASTS, Progress, Standing, is_open

PER_PAGE = 30


@dataclass(frozen=True)
class AssignmentFilter:
    """Empty fields do not narrow. `text`: a number, or a part of the organisation's name."""

    text: str = ""
    standing: Standing | None = None
    organisation: UUID | None = None
    page: int = 1


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Notices of the districts for which this person may send some."""
    if not actor.may(May.ASSIGN):
        return false()
    codes = actor.districts_for(May.ASSIGN)
    return true() if codes is None else Assignment.district_code.in_(codes)


def list_assignments(actor: Actor, chosen: AssignmentFilter) -> tuple[Sequence[Assignment], int]:
    """One page, the newest first, and how many there are in all."""
    where = and_(visible_to(actor), *_narrowed(chosen))
    total = db.session.scalar(select(func.count()).select_from(Assignment).where(where)) or 0
    rows = db.session.scalars(
        select(Assignment)
        .where(where)
        .options(joinedload(Assignment.organisation), joinedload(Assignment.district))
        .order_by(Assignment.made_at.desc(), Assignment.id.desc())
        .limit(PER_PAGE)
        .offset((chosen.page - 1) * PER_PAGE)
    ).all()
    return rows, total


def _narrowed(chosen: AssignmentFilter) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if chosen.text:
        named = select(Organisation.id).where(
            func.lower(Organisation.name).contains(chosen.text.lower(), autoescape=True)
        )
        parts.append(
            or_(
                Assignment.number.contains(chosen.text.upper(), autoescape=True),
                Assignment.organisation_id.in_(named),
            )
        )
    if chosen.organisation is not None:
        parts.append(Assignment.organisation_id == chosen.organisation)
    if chosen.standing is not None:
        parts.append(_stands(chosen.standing))
    return parts


def _stands(wanted: Standing) -> ColumnElement[bool]:
    unconfirmed = Assignment.confirmed_at.is_(None)
    if wanted is Standing.LATE:
        return and_(unconfirmed, Assignment.receipt_due < today())
    if wanted is Standing.UNCONFIRMED:
        return unconfirmed
    waiting = exists().where(AssignmentItem.assignment_id == Assignment.id, ~_answered(Assignment))
    return and_(~unconfirmed, waiting if wanted is Standing.UNANSWERED else ~waiting)


def _answered(assignment: type[Assignment]) -> ColumnElement[bool]:
    """Whether the organisation has said something about the item's finding since it was sent."""
    return exists().where(
        FindingEvent.finding_id == AssignmentItem.finding_id,
        FindingEvent.verb.in_(ANSWERS),
        FindingEvent.at >= assignment.made_at,
    )


def newly_answered(finding_ids: Collection[UUID]) -> Sequence[Assignment]:
    """Notices with one of these findings that were not known to be answered whole and are."""
    item, own = aliased(AssignmentItem), AssignmentItem.assignment_id == Assignment.id
    named = exists().where(item.assignment_id == Assignment.id, item.finding_id.in_(finding_ids))
    waiting = exists().where(own, ~_answered(Assignment))
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.answered_at.is_(None), named, ~waiting)
        .order_by(Assignment.number)
    ).all()


def signed_and_shut(before: datetime, most: int) -> Sequence[UUID]:
    """Notices that somebody has signed, none of whose links has opened since then."""
    link = AssignmentLink.assignment_id == Assignment.id
    open_since = exists().where(
        link,
        AssignmentLink.expires_at > before,
        or_(AssignmentLink.revoked_at.is_(None), AssignmentLink.revoked_at > before),
    )
    named = exists().where(link, LinkUse.link_id == AssignmentLink.id, LinkUse.signer_name != "")
    return db.session.scalars(
        select(Assignment.id)
        .where(or_(Assignment.signer_name != "", named), ~open_since)
        .order_by(Assignment.id)
        .limit(most)
    ).all()


def count_late(actor: Actor) -> int:
    """Notices whose receipt nobody has confirmed in time."""
    late = select(func.count()).select_from(Assignment)
    return db.session.scalar(late.where(visible_to(actor), _stands(Standing.LATE))) or 0


def progress_of(ids: Collection[UUID]) -> dict[UUID, Progress]:
    """By notice; the caller has made sure that they may be seen."""
    counted = db.session.execute(
        select(Assignment.id, func.count(), func.count().filter(_answered(Assignment)))
        .join(AssignmentItem, AssignmentItem.assignment_id == Assignment.id)
        .where(Assignment.id.in_(ids))
        .group_by(Assignment.id)
    )
    uses = db.session.execute(
        select(AssignmentLink.assignment_id, func.min(LinkUse.opened_at), func.count())
        .join(LinkUse, LinkUse.link_id == AssignmentLink.id)
        .where(AssignmentLink.assignment_id.in_(ids))
        .group_by(AssignmentLink.assignment_id)
    )
    opened = {assignment: (first, times) for assignment, first, times in uses}
    return {
        assignment: Progress(findings, answered, *opened.get(assignment, (None, 0)))
        for assignment, findings, answered in counted
    }


def get_assignment(assignment_id: UUID, actor: Actor, *, lock: bool = False) -> Assignment:
    """With its findings, links and their uses. Raises `NotFound` also across districts."""
    query = (
        select(Assignment)
        .where(Assignment.id == assignment_id, visible_to(actor))
        .options(
            joinedload(Assignment.organisation),
            selectinload(Assignment.items)
            .joinedload(AssignmentItem.finding)
            .joinedload(Finding.facility),
            selectinload(Assignment.links).selectinload(AssignmentLink.uses),
        )
    )
    found = db.session.scalar(query.with_for_update(of=Assignment) if lock else query)
    if found is None:
        raise NotFound
    return found


def assignments_by_id(ids: Collection[UUID]) -> Sequence[Assignment]:
    """For whoever tells of them: nobody is asked whether they may see them."""
    return db.session.scalars(
        select(Assignment).where(Assignment.id.in_(ids)).order_by(Assignment.number)
    ).all()


def living_of(finding_ids: Collection[UUID]) -> dict[UUID, Assignment]:
    """Of findings that stand in a notice to the organisation that must fix them, whose link is
    open: that notice, the newest of several."""
    rows = db.session.execute(
        select(AssignmentItem.finding_id, Assignment)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .join(Finding, Finding.id == AssignmentItem.finding_id)
        .join(AssignmentLink, AssignmentLink.assignment_id == Assignment.id)
        .where(
            AssignmentItem.finding_id.in_(finding_ids),
            Finding.organisation_id == Assignment.organisation_id,
            _link_is_open(),
        )
        .order_by(Assignment.made_at, Assignment.id)
    )
    return dict(rows.all())


def _link_is_open() -> ColumnElement[bool]:
    return and_(AssignmentLink.revoked_at.is_(None), AssignmentLink.expires_at > now())


def find_link(secret_hash: str) -> AssignmentLink | None:
    """The open link of a secret; None for one that is wrong, expired or revoked."""
    return db.session.scalar(
        select(AssignmentLink)
        .where(AssignmentLink.secret_hash == secret_hash, _link_is_open())
        .options(joinedload(AssignmentLink.assignment))
    )


def find_use(token_hash: str) -> LinkUse | None:
    """Of a browser that has opened a link which is still open."""
    found = db.session.scalar(
        select(LinkUse)
        .where(LinkUse.token_hash == token_hash, LinkUse.ended_at.is_(None))
        .options(
            joinedload(LinkUse.link)
            .joinedload(AssignmentLink.assignment)
            .joinedload(Assignment.organisation)
        )
    )
    if found is None or found.opened_at + USE_LASTS <= now():
        return None
    return found if is_open(found.link.expires_at, found.link.revoked_at, now()) else None


def uses_since(link_id: UUID, span: timedelta) -> int:
    """How often a link has been opened lately."""
    lately = select(func.count()).where(
        LinkUse.link_id == link_id, LinkUse.opened_at > now() - span
    )
    return db.session.scalar(lately) or 0


def findings_in(assignment: Assignment) -> Sequence[AssignmentItem]:
    """In their order; also what the organisation has returned meanwhile."""
    return db.session.scalars(
        select(AssignmentItem)
        .where(AssignmentItem.assignment_id == assignment.id)
        .options(joinedload(AssignmentItem.finding).joinedload(Finding.facility))
        .order_by(AssignmentItem.place)
    ).all()


def _theirs(assignment: Assignment) -> Select[UUID]:
    """Ids of the findings of a notice that its organisation must fix now."""
    return (
        select(Finding.id)
        .join(AssignmentItem, AssignmentItem.finding_id == Finding.id)
        .where(
            AssignmentItem.assignment_id == assignment.id,
            Finding.organisation_id == assignment.organisation_id,
        )
    )


def finding_in(assignment: Assignment, number: str) -> Finding:
    """One of them, as long as that organisation must fix it. Raises `NotFound` for any other."""
    found = db.session.scalar(
        select(Finding)
        .where(Finding.number == number, Finding.id.in_(_theirs(assignment)))
        .options(
            joinedload(Finding.facility),
            joinedload(Finding.organisation),
            selectinload(Finding.events)
            .selectinload(FindingEvent.photos)
            .joinedload(FindingPhoto.photo),
        )
    )
    if found is None:
        raise NotFound
    return found


def photo_in(assignment: Assignment, photo_id: UUID) -> Photo:
    """A picture of one of its findings, or one that came by the link itself and belongs to no step
    yet. Raises `NotFound` for any other."""
    event, link = aliased(FindingEvent), aliased(FindingPhoto)
    shown = (
        select(link.photo_id)
        .join(event, event.id == link.event_id)
        .where(link.photo_id == Photo.id, event.finding_id.in_(_theirs(assignment)))
    )
    own = Photo.uploaded_by_id == assignment.id
    found = db.session.scalar(select(Photo).where(Photo.id == photo_id, or_(shown.exists(), own)))
    if found is None:
        raise NotFound
    return found


def answered_in(assignment: Assignment) -> set[UUID]:
    """Its findings about which the organisation has said something since."""
    rows = db.session.scalars(
        select(AssignmentItem.finding_id)
        .join(Assignment, Assignment.id == AssignmentItem.assignment_id)
        .where(Assignment.id == assignment.id, _answered(Assignment))
    )
    return set(rows)
