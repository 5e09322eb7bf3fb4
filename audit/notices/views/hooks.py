"""Other systems that are told of what happens: registered, looked at, stopped, told once more."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.browser.addresses import host_and_port
from audit.core.actors import May
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.districts.queries import responsible_districts
from audit.web.access import current_actor, needs

from .. import actions, queries
from ..forms import TypedHook, parse_hook
from ..models import Webhook
from ..rules import HOOK_TOPICS, DeliveryState, HookTopic

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")
HOOK = "<uuid:webhook_id>"


@bp.get("/")
@needs(May.CHOOSE_SETTINGS)
def index() -> str:
    return render_template(
        "notices/webhooks.html", webhooks=queries.list_webhooks(), topics=HOOK_TOPICS, host=_host
    )


@bp.get("/new")
@needs(May.CHOOSE_SETTINGS)
def new() -> ResponseReturnValue:
    return _form(TypedHook(new_id(), topics=[HookTopic.STEP, HookTopic.CLOSED]))


@bp.post("/")
@needs(May.CHOOSE_SETTINGS)
def register() -> ResponseReturnValue:
    """The answer shows the secret: once, for it is kept nowhere in clear. The same form sent again
    registers nothing more."""
    typed = parse_hook(request.form)
    if typed.problems:
        return _form(typed)
    with transaction() as session:
        known = session.get(Webhook, typed.id) is not None
        if not known:
            topics = [HookTopic(one) for one in typed.topics]
            secret = actions.register(typed.id, typed.url, topics, typed.districts, current_actor())
    if known:
        return redirect(url_for(".show", webhook_id=typed.id), HTTPStatus.SEE_OTHER)
    return render_template("notices/webhook_secret.html", secret=secret, webhook_id=typed.id)


@bp.get(f"/{HOOK}")
@needs(May.CHOOSE_SETTINGS)
def show(webhook_id: UUID) -> str:
    return render_template(
        "notices/webhook.html",
        webhook=queries.get_webhook(webhook_id),
        topics=HOOK_TOPICS,
        districts={one.code: one.title for one in responsible_districts()},
        log=queries.log_of(webhook_id),
        states=_states(),
    )


@bp.post(f"/{HOOK}/<any(start, stop):act>")
@needs(May.CHOOSE_SETTINGS)
def turn(webhook_id: UUID, act: str) -> ResponseReturnValue:
    with transaction():
        webhook = queries.get_webhook(webhook_id)
        actions.set_active(webhook, current_actor(), active=act == "start")
    flash(_("已启用，等着的马上推送。") if act == "start" else _("已停用。"), "success")
    return redirect(url_for(".show", webhook_id=webhook_id), HTTPStatus.SEE_OTHER)


@bp.post(f"/{HOOK}/replay/<uuid:delivery_id>")
@needs(May.CHOOSE_SETTINGS)
def replay(webhook_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    with transaction():
        actions.replay(queries.get_hook_delivery(delivery_id, webhook_id), current_actor())
    flash(_("马上再推送一次。"), "success")
    return redirect(url_for(".show", webhook_id=webhook_id), HTTPStatus.SEE_OTHER)


def _form(typed: TypedHook) -> ResponseReturnValue:
    page = render_template(
        "notices/webhook_new.html",
        typed=typed,
        topics=HOOK_TOPICS,
        districts=responsible_districts(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if typed.problems else HTTPStatus.OK


def _host(webhook: Webhook) -> str:
    return host_and_port(webhook.url)[0]


def _states() -> dict[DeliveryState, tuple[str, str]]:
    """The look and the words of each."""
    return {
        DeliveryState.PENDING: ("progress", _("等待推送")),
        DeliveryState.FAILED: ("warn", _("没有送到，还会再试")),
        DeliveryState.SENT: ("ok", _("已送到")),
        DeliveryState.GIVEN_UP: ("danger", _("没有送到，不再试")),
    }
