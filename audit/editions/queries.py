from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from audit.checklists.loader import UnknownChecklist, all_checklists, get_checklist
from audit.checklists.rules import Checklist, Item
from audit.core.clock import today
from audit.core.db import db
from audit.core.errors import NotFound

from .models import EditionDecision
from .rules import DecisionState, Ruling, edition_on, is_overtaken

STILL_TAKEN_DAYS = 7


@dataclass(frozen=True)
class Standing:
    """How a list stands today. `newest` came with the software; `is_overtaken`: nobody has said
    anything about it yet."""

    checklist_id: str
    newest: str
    in_force: str | None
    waiting: EditionDecision | None
    is_overtaken: bool


def get_decision(decision_id: UUID) -> EditionDecision:
    found = db.session.get(EditionDecision, decision_id)
    if found is None:
        raise NotFound
    return found


def decisions_of(checklist_id: str) -> Sequence[EditionDecision]:
    """All that was proposed about a list, the newest first."""
    mine = EditionDecision.checklist_id == checklist_id
    query = select(EditionDecision).where(mine)
    return db.session.scalars(
        query.order_by(EditionDecision.proposed_at.desc(), EditionDecision.id.desc())
    ).all()


def open_proposal(checklist_id: str) -> EditionDecision | None:
    return db.session.scalar(
        select(EditionDecision).where(
            EditionDecision.checklist_id == checklist_id,
            EditionDecision.state == DecisionState.PROPOSED,
        )
    )


def rulings(checklist_id: str | None = None) -> dict[str, list[Ruling]]:
    """What was decided, by list, in the order in which it was decided."""
    kept = EditionDecision
    query = select(kept.checklist_id, kept.act, kept.edition, kept.starts_on)
    query = query.where(kept.state == DecisionState.DECIDED)
    if checklist_id is not None:
        query = query.where(kept.checklist_id == checklist_id)
    found: dict[str, list[Ruling]] = {}
    for name, act, edition, starts_on in db.session.execute(
        query.order_by(kept.settled_at, kept.id)
    ):
        found.setdefault(name, []).append(Ruling(act, edition, starts_on))
    return found


def edition_in_force(checklist_id: str, day: date | None = None) -> str | None:
    """None: retired. Raises `UnknownChecklist`."""
    newest = get_checklist(checklist_id).edition
    return edition_on(day or today(), rulings(checklist_id).get(checklist_id, ()), newest)


def checklist_in_force(checklist_id: str) -> Checklist | None:
    """What a visit that begins today is made with; None where the list is retired. Raises
    `UnknownChecklist`."""
    edition = edition_in_force(checklist_id)
    return None if edition is None else get_checklist(checklist_id, edition)


def checklists_in_force(kind: str | None = None) -> list[Checklist]:
    """Of every list, or of those for a kind of facility, the edition in force; ordered by id.

    A list belongs to the kinds that its edition in force names.
    """
    found = [
        get_checklist(name, edition) for name, edition in editions_in_force().items() if edition
    ]
    return [one for one in found if kind is None or kind in one.kinds]


def editions_in_force() -> dict[str, str | None]:
    """By list, ordered by its id; None where it is retired."""
    decided, day = rulings(), today()
    return {
        one.id: edition_on(day, decided.get(one.id, ()), one.edition) for one in all_checklists()
    }


def was_in_force_lately(checklist_id: str, edition: str, within: int = STILL_TAKEN_DAYS) -> bool:
    """Whether what was opened so many days ago may have shown this edition."""
    newest, decided = get_checklist(checklist_id).edition, rulings(checklist_id)
    days = (today() - timedelta(days=back) for back in range(within + 1))
    mine = decided.get(checklist_id, [])
    return any(edition_on(day, mine, newest) == edition for day in days)


def standings() -> list[Standing]:
    """Of every list, ordered by id."""
    decided, day = rulings(), today()
    rows = db.session.scalars(select(EditionDecision)).all()
    return [_standing(one, decided.get(one.id, ()), rows, day) for one in all_checklists()]


def _standing(
    newest: Checklist, decided: Iterable[Ruling], rows: Iterable[EditionDecision], day: date
) -> Standing:
    mine = [row for row in rows if row.checklist_id == newest.id]
    in_force = edition_on(day, decided, newest.edition)
    return Standing(
        checklist_id=newest.id,
        newest=newest.edition,
        in_force=in_force,
        waiting=next((row for row in mine if row.state is DecisionState.PROPOSED), None),
        is_overtaken=is_overtaken(newest.edition, in_force, (row.edition for row in mine)),
    )


def find_item(checklist_id: str, item_id: str) -> Item | None:
    """As the edition in force asks it; None for what is on no list, or no longer."""
    try:
        checklist = get_checklist(checklist_id, edition_in_force(checklist_id))
    except UnknownChecklist:
        return None
    return checklist.by_id.get(item_id)
