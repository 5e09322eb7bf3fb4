from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from audit.checklists.rules import AnswerState
from audit.core.db import db
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.inspections.models import Inspection, InspectionAnswer
from audit.inspections.queries import STANDS

from .models import Rejudging, RejudgingCount, RejudgingRow
from .rules import Change, State

SHOWN, PER_PAGE, MOST_ROWS = 30, 30, 100_000
ANSWERED = InspectionAnswer.state == AnswerState.ANSWERED


@dataclass(frozen=True)
class Wanted:
    """Which of the answers that come out otherwise; empty narrows nothing."""

    change: Change | None = None
    item_id: str = ""
    district: str = ""
    only_latest: bool = True


def get_rejudging(rejudging_id: UUID) -> Rejudging:
    found = db.session.get(Rejudging, rejudging_id)
    if found is None:
        raise NotFound
    return found


def rejudgings() -> Sequence[Rejudging]:
    """The newest first."""
    newest = Rejudging.created_at.desc(), Rejudging.id.desc()
    return db.session.scalars(select(Rejudging).order_by(*newest).limit(SHOWN)).all()


def find_under_way() -> Rejudging | None:
    running = Rejudging.state == State.UNDER_WAY
    return db.session.scalar(select(Rejudging).where(running).limit(1))


def count_answers(checklist_id: str, until: datetime) -> int:
    query = (
        select(func.count())
        .select_from(InspectionAnswer)
        .join(Inspection, Inspection.id == InspectionAnswer.inspection_id)
        .where(*_filed(checklist_id, until), ANSWERED)
    )
    return db.session.scalar(query) or 0


def next_places(checklist_id: str, until: datetime, after: UUID | None, most: int) -> list[UUID]:
    """Facilities where the list was used, by id."""
    query = select(Inspection.facility_id).where(*_filed(checklist_id, until)).distinct()
    if after is not None:
        query = query.where(Inspection.facility_id > after)
    return list(db.session.scalars(query.order_by(Inspection.facility_id).limit(most)))


def visits_of(checklist_id: str, until: datetime, places: Sequence[UUID]) -> Sequence[Row[Any]]:
    """By facility, in the order of filing."""
    one = Inspection
    query = select(one.id, one.facility_id, one.district_code, one.edition, one.facts,
                   one.verifies_id)  # fmt: skip
    query = query.where(*_filed(checklist_id, until), one.facility_id.in_(places))
    return db.session.execute(query.order_by(one.facility_id, one.filed_at, one.id)).all()


def answers_of(visits: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    """Only what was answered; by visit, in the list's order."""
    one = InspectionAnswer
    query = select(one.inspection_id, one.item_id, one.value, one.verdict, one.outcome,
                   one.finding_id)  # fmt: skip
    query = query.where(one.inspection_id.in_(visits), ANSWERED)
    found: dict[UUID, list[Row[Any]]] = {visit: [] for visit in visits}
    for row in db.session.execute(query.order_by(one.inspection_id, one.position)):
        found[row.inspection_id].append(row)
    return found


def counts_of(rejudging_id: UUID) -> Sequence[RejudgingCount]:
    mine = RejudgingCount.rejudging_id == rejudging_id
    order = RejudgingCount.item_id, RejudgingCount.district_code, RejudgingCount.change
    return db.session.scalars(select(RejudgingCount).where(mine).order_by(*order)).all()


def count_rows(rejudging_id: UUID, wanted: Wanted) -> int:
    query = select(func.count()).select_from(RejudgingRow).where(*_wanted(rejudging_id, wanted))
    return db.session.scalar(query) or 0


def rows_of(rejudging_id: UUID, wanted: Wanted, page: int) -> Sequence[Row[Any]]:
    query = _rows(rejudging_id, wanted).limit(PER_PAGE).offset((max(page, 1) - 1) * PER_PAGE)
    return db.session.execute(query).all()


def all_rows(rejudging_id: UUID, wanted: Wanted) -> Iterator[Row[Any]]:
    """At most MOST_ROWS, a thousand at a time."""
    query = _rows(rejudging_id, wanted).limit(MOST_ROWS).execution_options(yield_per=1000)
    yield from db.session.execute(query)


def _rows(rejudging_id: UUID, wanted: Wanted) -> Select[Any]:
    one = RejudgingRow
    columns: list[Any] = [
        one.item_id, one.change, one.was, one.becomes, one.latest, one.inspection_id,
        one.facility_id, one.district_code, Facility.number, Facility.name,
        Inspection.filed_at, Inspection.edition,
    ]  # fmt: skip
    return (
        select(*columns)
        .join(Facility, Facility.id == one.facility_id)
        .join(Inspection, Inspection.id == one.inspection_id)
        .where(*_wanted(rejudging_id, wanted))
        .order_by(one.change, one.item_id, Facility.number, one.inspection_id)
    )


def _wanted(rejudging_id: UUID, wanted: Wanted) -> list[Any]:
    one = RejudgingRow
    where: list[Any] = [one.rejudging_id == rejudging_id]
    if wanted.change is not None:
        where.append(one.change == wanted.change)
    if wanted.item_id:
        where.append(one.item_id == wanted.item_id)
    if wanted.district:
        where.append(one.district_code == wanted.district)
    if wanted.only_latest:
        where.append(one.latest)
    return where


def _filed(checklist_id: str, until: datetime) -> list[Any]:
    return [
        Inspection.checklist_id == checklist_id,
        STANDS,
        Inspection.filed_at <= until,
    ]
