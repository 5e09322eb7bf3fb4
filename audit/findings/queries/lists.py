"""Findings by a filter, by number, by place."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import (
    contains_eager,
    joinedload,
    selectinload,
)

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import NotFound

from ..models import Finding, FindingAssistant, FindingEvent, FindingPhoto
from ..rules import OPEN_STATES, STAYS, Verb
from .filtering import FindingFilter, conditions, unindexed, visible_to

PER_PAGE = 30
# Where so few fit, they are looked for by what narrows them and then sorted; where more do, a walk
# through all of them in order soon meets a page full.
FEW_ROWS = 3_000
IN_ORDER = (Finding.severity, Finding.opened_at.desc(), Finding.id)


def list_findings(actor: Actor, chosen: FindingFilter) -> tuple[Sequence[Finding], int]:
    """One page, the gravest and then the newest first, and how many there are in all."""
    total = count_findings(actor, chosen)
    if not total:
        return [], 0
    many = total > FEW_ROWS
    where = and_(*conditions(actor, chosen, walk=many))
    by_grade = Finding.severity if many else unindexed(Finding.severity)
    ids = db.session.scalars(
        select(Finding.id)
        .where(where)
        .order_by(by_grade, Finding.opened_at.desc(), Finding.id)
        .limit(PER_PAGE)
        .offset((max(chosen.page, 1) - 1) * PER_PAGE)
    ).all()
    rows = db.session.scalars(
        _with_place(select(Finding).where(Finding.id.in_(ids))).order_by(*IN_ORDER)
    ).all()
    return rows, total


def count_findings(actor: Actor, chosen: FindingFilter) -> int:
    where = and_(*conditions(actor, chosen))
    return db.session.scalar(select(func.count()).select_from(Finding).where(where)) or 0


def numbers_of(actor: Actor, chosen: FindingFilter, most: int) -> Sequence[str]:
    """The first numbers of a list, in its order."""
    return db.session.scalars(
        select(Finding.number).where(*conditions(actor, chosen)).order_by(*IN_ORDER).limit(most)
    ).all()


def findings_named(
    numbers: Collection[str], actor: Actor, *, lock: bool = False
) -> Sequence[Finding]:
    """Those of them that this person may see, by id. `lock`: nobody else changes them until the
    transaction ends; who locks in one order never waits in a circle."""
    query = _with_place(select(Finding).where(Finding.number.in_(numbers), visible_to(actor)))
    query = query.options(selectinload(Finding.assistants)).order_by(Finding.id)
    return db.session.scalars(query.with_for_update(of=Finding) if lock else query).all()


def open_at(facility_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Of the living findings at these facilities: the place and the rule."""
    rows = db.session.execute(
        select(Finding.facility_id, Finding.rule_id).where(
            Finding.facility_id.in_(facility_ids), Finding.state.in_(sorted(OPEN_STATES))
        )
    )
    return {(facility, rule) for facility, rule in rows}


def _with_place(query: Select[Finding]) -> Select[Finding]:
    return query.join(Finding.facility).options(
        contains_eager(Finding.facility),
        joinedload(Finding.organisation),
        joinedload(Finding.department),
    )


def get_finding(number: str, actor: Actor) -> Finding:
    """With its facility, events and their photos. Raises `NotFound` also across districts."""
    found = db.session.scalar(
        select(Finding)
        .where(Finding.number == number, visible_to(actor))
        .options(
            joinedload(Finding.facility),
            joinedload(Finding.organisation),
            joinedload(Finding.department),
            selectinload(Finding.assistants).joinedload(FindingAssistant.organisation),
            selectinload(Finding.events)
            .selectinload(FindingEvent.photos)
            .joinedload(FindingPhoto.photo),
        )
    )
    if found is None:
        raise NotFound
    return found


def findings_at(facility_id: UUID) -> Sequence[Finding]:
    """All of a place, the closed ones too, the oldest first."""
    query = select(Finding).where(Finding.facility_id == facility_id)
    return db.session.scalars(query.order_by(Finding.number)).all()


def merged_into(finding: Finding, seen_by: Actor | None = None) -> Sequence[Finding]:
    """What was found elsewhere and is seen to here, by number, with its pictures; `seen_by`: only
    what this person may see."""
    query = select(Finding).where(Finding.merged_into_id == finding.id)
    if seen_by is not None:
        query = query.where(visible_to(seen_by))
    pictures = selectinload(Finding.events).selectinload(FindingEvent.photos)
    return db.session.scalars(
        query.options(
            joinedload(Finding.facility), pictures.joinedload(FindingPhoto.photo)
        ).order_by(Finding.number)
    ).all()


def find_seen(number: str, actor: Actor) -> Finding | None:
    """The finding of this number, where there is one that this person may see."""
    return next(iter(findings_named([number], actor)), None)


def find_open_of(facility_id: UUID, rule_ids: Sequence[str]) -> dict[str, Finding]:
    """The open finding of each of these rules at a facility, where there is one."""
    rows = db.session.scalars(
        select(Finding)
        .where(
            Finding.facility_id == facility_id,
            Finding.rule_id.in_(rule_ids),
            Finding.state.in_(sorted(OPEN_STATES)),
        )
        .options(selectinload(Finding.assistants))
        .order_by(Finding.rule_id)
    )
    return {row.rule_id: row for row in rows}


def open_findings_of(facility_id: UUID) -> Sequence[Finding]:
    return db.session.scalars(
        select(Finding)
        .where(Finding.facility_id == facility_id, Finding.state.in_(sorted(OPEN_STATES)))
        .order_by(Finding.severity, Finding.opened_at)
    ).all()


TURNS = (Verb.RETURN, Verb.GRANT_RETURN, Verb.RESUME, Verb.FAIL_RECHECK, Verb.NEAR_RECHECK,
         Verb.REFUSE, Verb.REOPEN, Verb.RECONSIDER, Verb.UNMERGE)  # fmt: skip


def turns_of(findings: Collection[Finding]) -> dict[UUID, FindingEvent]:
    """Of those findings that came back to where they are: the step that brought them there."""
    rows = db.session.scalars(
        select(FindingEvent)
        .where(
            FindingEvent.finding_id.in_([one.id for one in findings]),
            FindingEvent.verb.not_in(STAYS),
        )
        .order_by(FindingEvent.finding_id, FindingEvent.seq)
    )
    last = {row.finding_id: row for row in rows}
    return {finding: event for finding, event in last.items() if event.verb in TURNS}
