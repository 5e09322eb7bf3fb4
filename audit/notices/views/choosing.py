"""Where a person wants to be reached beside the inbox, and how soon with what."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.core.language import current_language
from audit.core.sealing import unseal
from audit.web.access import current_actor, signed_in

from .. import actions, queries
from ..forms import Typed, control, parse_wishes
from ..jobs.letters import read_question
from ..rules import HOURS, OFFERED, TOPICS, Channel, pace_of

bp = Blueprint("channels", __name__, url_prefix="/messages")
TOKEN = "<string(maxlength=600):token>"  # noqa: S105 -- a part of an address
FIRST_HOUR = 8


@bp.get("/channels")
@signed_in
def show() -> ResponseReturnValue:
    return _page(_known(current_actor()))


@bp.post("/channels")
@signed_in
def choose() -> ResponseReturnValue:
    wishes, typed = parse_wishes(request.form)
    if wishes is None:
        return _page(typed)
    with transaction():
        asked = actions.keep_wishes(wishes, current_actor())
    if asked and Channel.MAIL in queries.open_channels():
        flash(_("已保存。确认邮件马上发到您的邮箱，打开里面的地址确认后才会收到消息。"), "success")
    else:
        flash(_("已保存。"), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


@bp.route(f"/confirm/{TOKEN}", methods=["GET", "POST"])
@signed_in
def confirm(token: str) -> ResponseReturnValue:
    """From a mail. To look changes nothing: mail programs open addresses by themselves."""
    found = read_question(token, current_app.config["SETTINGS"])
    if found is None:
        raise NotFound(_("这个地址已经失效。请在通知方式里重新填写邮箱。"))
    user_id, mail = UUID(found[0]), found[1]
    if request.method == "GET":
        if user_id != current_actor().id:
            raise NotFound
        return render_template("notices/confirm.html", mail=mail)
    with transaction():
        actions.confirm_mail(user_id, mail, current_actor())
    flash(_("邮箱已确认。"), "success")
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


def _known(actor: Actor) -> Typed:
    contact = queries.find_contact(actor.id)
    chosen = queries.chosen_by([actor.id] if actor.id else []).get(actor.id) or {}  # type: ignore[arg-type]
    values = {
        control(channel, topic): str(pace_of(chosen, channel, topic))
        for channel in Channel
        for topic in TOPICS
    }
    return Typed(
        values
        | {
            "mail": unseal(contact.mail) if contact else "",
            "phone": unseal(contact.phone) if contact else "",
            "hour": str(contact.digest_hour if contact else FIRST_HOUR),
            "language": contact.language if contact else current_language(),
        }
    )


def _page(typed: Typed) -> ResponseReturnValue:
    contact, language = queries.find_contact(current_actor().id), current_language()
    page = render_template(
        "notices/channels.html",
        typed=typed,
        topics=TOPICS,
        paces=[(pace.value, text.in_(language)) for pace, text in OFFERED.items()],
        hours=[(str(hour), f"{hour}:00") for hour in HOURS],
        open=queries.open_channels(),
        confirmed=contact is not None and contact.mail_confirmed_at is not None,
        asked=contact is not None and bool(contact.mail) and contact.mail_confirmed_at is None,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if typed.problems else HTTPStatus.OK
