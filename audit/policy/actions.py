from flask import current_app

from audit.accounts.rules import covers
from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import after_commit, db
from audit.core.errors import NotAllowed
from audit.journal.actions import record

from .models import PolicyChange
from .rules import Value, may_choose


def choose(name: str, value: Value | None, why: str, actor: Actor) -> None:
    """From the next request on this value holds; None: the default again. To choose what holds
    already writes nothing. Raises `NotAllowed`."""
    if not covers(actor, may_choose(name), None):
        raise NotAllowed
    before = db.session.scalars(
        db.select(PolicyChange.value)
        .where(PolicyChange.name == name)
        .order_by(PolicyChange.seq.desc())
        .limit(1)
    ).first()
    if before == value:
        return
    db.session.add(
        PolicyChange(
            name=name, value=value, at=now(), actor_id=actor.id, actor_name=actor.name, why=why
        )
    )
    record(actor, "choose", "setting", name, why=why, detail={"from": before, "to": value})
    after_commit(current_app.extensions["policy"].forget)
