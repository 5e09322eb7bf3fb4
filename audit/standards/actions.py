from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, NotAllowed
from audit.journal.actions import record

from .models import ClauseConfirmation

ALREADY = _("这一条的核实已经撤回。")


def confirm_clause(
    confirmation_id: UUID, clause: str, keys: Sequence[str], page: str, note: str, actor: Actor
) -> ClauseConfirmation:
    """The limits under these keys are no longer 条文待核. The same id a second time gives the
    first one. Raises `NotAllowed`."""
    _check(actor)
    known = db.session.get(ClauseConfirmation, confirmation_id)
    if known is not None:
        return known
    if actor.id is None:
        raise ValueError("a person confirms a clause")
    made = ClauseConfirmation(
        id=confirmation_id,
        clause=clause,
        keys=list(keys),
        page=page,
        note=note,
        confirmed_at=now(),
        confirmed_by_id=actor.id,
        confirmed_by_name=actor.name,
        withdrawn_at=None,
    )
    db.session.add(made)
    db.session.flush()
    detail = {"clause": clause, "keys": list(keys), "page": page}
    record(actor, "confirm", "clause", made.id, why=note, detail=detail)
    return made


def withdraw_confirmation(made: ClauseConfirmation, why: str, actor: Actor) -> None:
    """The clause says something else after all: it is 条文待核 again. Raises `NotAllowed`."""
    _check(actor)
    if made.withdrawn_at is not None:
        raise Conflict(ALREADY)
    made.withdrawn_at, made.withdrawn_by_name, made.withdrawn_why = now(), actor.name, why
    record(actor, "withdraw", "clause", made.id, why=why, detail={"clause": made.clause})


def _check(actor: Actor) -> None:
    """A clause stands in lists of the whole city."""
    if actor.districts_for(May.CONFIRM_CLAUSE) is not None:
        raise NotAllowed
