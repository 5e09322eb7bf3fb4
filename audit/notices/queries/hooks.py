from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager

from audit.accounts.models import RoleGrant, User
from audit.core.actors import Role
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import NotFound

from ..models import HookDelivery, Webhook
from .sending import WAITING

LOG = 50


def list_webhooks() -> Sequence[Webhook]:
    return db.session.scalars(
        select(Webhook).order_by(Webhook.active.desc(), Webhook.created_at, Webhook.id)
    ).all()


def active_webhooks() -> Sequence[Webhook]:
    return db.session.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id)).all()


def get_webhook(webhook_id: UUID) -> Webhook:
    found = db.session.get(Webhook, webhook_id)
    if found is None:
        raise NotFound
    return found


def get_hook_delivery(delivery_id: UUID, webhook_id: UUID) -> HookDelivery:
    found = db.session.get(HookDelivery, delivery_id)
    if found is None or found.webhook_id != webhook_id:
        raise NotFound
    return found


def log_of(webhook_id: UUID) -> Sequence[HookDelivery]:
    """The newest first."""
    return db.session.scalars(
        select(HookDelivery)
        .where(HookDelivery.webhook_id == webhook_id)
        .order_by(HookDelivery.created_at.desc(), HookDelivery.id.desc())
        .limit(LOG)
    ).all()


def is_hook_due() -> bool:
    found = select(HookDelivery.id).join(HookDelivery.webhook).where(_hook_due()).limit(1)
    return db.session.scalar(found) is not None


def next_hook_due(resting: Collection[UUID]) -> HookDelivery | None:
    """The one that has waited longest, but for those of webhooks that are let be."""
    return db.session.scalar(
        select(HookDelivery)
        .join(HookDelivery.webhook)
        .options(contains_eager(HookDelivery.webhook))
        .where(_hook_due(), HookDelivery.webhook_id.not_in(resting))
        .order_by(HookDelivery.due_at, HookDelivery.id)
        .limit(1)
    )


def administrators() -> Sequence[UUID]:
    """Of the whole city: they look after webhooks."""
    return db.session.scalars(
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.active, RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.district_code.is_(None))
        .order_by(User.id)
    ).all()


def _hook_due() -> ColumnElement[bool]:
    return and_(Webhook.active, HookDelivery.state.in_(WAITING), HookDelivery.due_at <= now())
