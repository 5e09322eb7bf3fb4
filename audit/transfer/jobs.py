"""What the worker does with a file: some rows at a time, so that nobody waits long for the
database meanwhile. Done twice, it does no row twice."""

from uuid import UUID

from audit.accounts.queries import actor_of, find_active_user
from audit.core.actors import SYSTEM, Actor
from audit.core.db import db, transaction
from audit.queue.runs import Run, job

from . import actions, queries
from .models import FacilityImport
from .rules.states import ImportState

AT_ONCE = 100


def _gave_up(error: str, import_id: str, **_who: str) -> None:
    actions.give_up(db.session.get_one(FacilityImport, UUID(import_id)), error)


@job(actions.ADD, given_up=_gave_up)
def add_import(_run: Run, import_id: str) -> None:
    """As the person who asked; who has no account any more adds nothing."""
    with transaction():
        kept = db.session.get_one(FacilityImport, UUID(import_id))
        if kept.state is not ImportState.ADDING:
            return
        actor = _actor(kept.created_by_id)
    while True:
        with transaction():
            rows = queries.rows_to_add(UUID(import_id), AT_ONCE)
            actions.add_rows(rows, actor)
            if len(rows) < AT_ONCE:
                actions.finish(db.session.get_one(FacilityImport, UUID(import_id)), actor)
                return


@job(actions.UNDO, given_up=_gave_up)
def undo_import(_run: Run, import_id: str, actor_id: str) -> None:
    with transaction():
        kept = db.session.get_one(FacilityImport, UUID(import_id))
        if kept.state is not ImportState.UNDOING:
            return
        actor = _actor(UUID(actor_id))
    while True:
        with transaction():
            rows = queries.rows_to_undo(UUID(import_id), AT_ONCE)
            actions.undo_rows(rows, actor)
            if len(rows) < AT_ONCE:
                actions.finish(db.session.get_one(FacilityImport, UUID(import_id)), actor)
                return


def _actor(user_id: UUID | None) -> Actor:
    user = find_active_user(user_id) if user_id else None
    return actor_of(user) if user else Actor(id=user_id, name=SYSTEM.name)
