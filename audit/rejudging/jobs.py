"""Goes through the places some at a time: what it holds does not grow with the city, others write
meanwhile, and a second attempt goes on where the first one stopped."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from audit.checklists.loader import UnknownChecklist, get_checklist
from audit.checklists.rules import Checklist, Tolerances
from audit.core.db import db, transaction
from audit.inspections.queries import tolerances
from audit.queue.runs import Run, hourly, job

from . import actions, queries
from .actions import Batch
from .models import Rejudging
from .rules import Change, Kept, Rejudged, State, Visit, facts_of, rejudge

PLACES = 100
NO_ROW = {Change.STAYS, Change.UNMEASURED}


def _gave_up(error: str, rejudging_id: str) -> None:
    actions.fail(db.session.get_one(Rejudging, UUID(rejudging_id)), error)


@hourly
def forget_old_previews() -> None:
    with transaction():
        actions.forget_old()


@job(actions.REJUDGE, given_up=_gave_up, slow=True)
def rejudge_all(_run: Run, rejudging_id: str) -> None:
    made_id, measure = UUID(rejudging_id), tolerances()
    while True:
        made = db.session.get_one(Rejudging, made_id, populate_existing=True)
        if made.state is not State.UNDER_WAY:
            return
        after_id, target = made.after_id, get_checklist(made.checklist_id, made.edition)
        places = queries.next_places(target.id, made.created_at, after_id, PLACES)
        batch = _judge(made, places, target, measure) if places else None
        with transaction():
            if batch is None:
                actions.finish(db.session.get_one(Rejudging, made_id))
                return
            if not actions.keep(made_id, after_id, batch):
                return


def _judge(made: Rejudging, places: list[UUID], target: Checklist, measure: Tolerances) -> Batch:
    batch = Batch(places[-1])
    visits = queries.visits_of(target.id, made.created_at, places)
    answers = queries.answers_of([one.id for one in visits])
    for _place, group in groupby(visits, lambda one: one.facility_id):
        _judge_place(batch, made.id, list(group), answers, target, measure)
    return batch


def _judge_place(
    batch: Batch,
    made_id: UUID,
    visits: Sequence[Row[Any]],
    answers: dict[UUID, list[Row[Any]]],
    target: Checklist,
    measure: Tolerances,
) -> None:
    newest = {row.item_id: one.id for one in visits for row in answers[one.id]}
    last = next((one.id for one in reversed(visits) if one.verifies_id is None), None)
    found_in: dict[UUID | None, UUID] = {}  # the last visit that found it, by finding
    for one in visits:
        ground = answers.get(found_in.get(one.verifies_id, one.id), [])
        batch.judged += len(answers[one.id])
        for done in rejudge(_visit(one, answers[one.id], ground, target.id), target, measure):
            is_latest = newest.get(done.item_id, last) == one.id
            batch.add((done.item_id, one.district_code, done.change), is_latest=is_latest)
            if done.change not in NO_ROW:
                batch.rows.append(_row(made_id, one, done, is_latest=is_latest))
        if one.verifies_id is None:
            found_in |= {row.finding_id: one.id for row in answers[one.id] if row.finding_id}


def _visit(
    one: Row[Any], answers: list[Row[Any]], ground: list[Row[Any]], checklist_id: str
) -> Visit:
    return Visit(
        edition=_edition(checklist_id, one.edition),
        facts=facts_of(one.facts),
        answers=tuple(Kept(row.item_id, row.value, row.verdict, row.outcome) for row in answers),
        ground={row.item_id: row.value for row in ground},
        is_recheck=one.verifies_id is not None,
    )


def _row(made_id: UUID, one: Row[Any], done: Rejudged, *, is_latest: bool) -> dict[str, Any]:
    return {
        "rejudging_id": made_id,
        "inspection_id": one.id,
        "item_id": done.item_id,
        "facility_id": one.facility_id,
        "district_code": one.district_code,
        "change": done.change,
        "was": done.was,
        "becomes": done.becomes,
        "latest": is_latest,
    }


def _edition(checklist_id: str, edition: str) -> Checklist | None:
    try:
        return get_checklist(checklist_id, edition)
    except UnknownChecklist:
        return None
