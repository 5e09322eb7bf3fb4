"""Messages and webhooks for tests of other rooms."""

from uuid import UUID

from flask import Flask

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.text import Text
from audit.notices.actions import announce, keep_wishes, mark, register, tell
from audit.notices.jobs.letters import signer
from audit.notices.models import Delivery, HookDelivery, Notice
from audit.notices.rules import Channel, DeliveryState, Event, HookTopic, Topic, Wishes
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


def fill_inbox(app: Flask, actor: Actor, *subjects: str) -> None:
    """Unread ones with these words, and one that was read."""
    for subject in ("问题 ZY-2026-000001 等待核实", *subjects):
        notice(app, actor, subject)
    seen = notice(app, actor)
    with app.app_context(), transaction():
        mark(seen, actor, read=True)


def question(app: Flask, actor: Actor) -> str:
    """What stands in the mail that asks this person whether their address is right."""
    mail = "wang.xiaoman@example.cn"
    with app.app_context():
        with transaction():
            keep_wishes(Wishes(mail, "13800138000"), actor)
        return signer(app.config["SETTINGS"]).dumps([str(actor.id), mail])


def given_up(
    app: Flask, person: UUID, error: str = "550 no such person", about: str = "",
    channel: Channel = Channel.MAIL,
) -> UUID:  # fmt: skip
    """A mail that did not arrive; with `about` a letter to an address outside."""
    made = new_id()
    with app.app_context(), transaction() as session:
        row = Delivery(
            id=made, user_id=person, notice_id=None, channel=channel, digest=False, about=about,
            state=DeliveryState.GIVEN_UP, due_at=now(), done_at=now(), attempts=6, error=error,
        )  # fmt: skip
        session.add(row)
    return made
