"""Messages and webhooks for tests of other rooms."""

from uuid import UUID

from flask import Flask

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.text import Text
from audit.notices.actions import announce, register, tell
from audit.notices.models import HookDelivery, Notice
from audit.notices.rules import Event, HookTopic, Topic
from tests.factories import YANJIANG


def notice(app: Flask, actor: Actor, subject: str = "问题 ZY-2026-000001 等待核实") -> UUID:
    """A message in this person's inbox."""
    assert actor.id is not None
    about = Text(subject, "Finding ZY-2026-000001 waits to be confirmed")
    with app.app_context(), transaction() as session:
        body = Text("S2 无法使用。期限到 2026-12-31。", "S2. Due by 2026-12-31.")
        tell([actor.id], about, body, "/findings/", Topic.TODO)
        session.flush()
        mine = db.select(Notice.id).where(Notice.user_id == actor.id)
        return session.scalars(mine.order_by(Notice.id.desc()).limit(1)).one()


def webhook(app: Flask, actor: Actor) -> tuple[UUID, UUID]:
    """Another system that is told of closed findings, and one event on its way there."""
    made = new_id()
    with app.app_context(), transaction() as session:
        register(made, "https://system.example.cn/hook", [HookTopic.CLOSED], None, actor)
        session.flush()
        announce([Event(new_id(), HookTopic.CLOSED, YANJIANG, now(), {"verb": "accept"})])
        session.flush()
        mine = db.select(HookDelivery.id).where(HookDelivery.webhook_id == made)
        return made, session.scalars(mine).one()
