"""What did not leave by mail or SMS: why, and once more, for those who look after the server."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.web.access import current_actor, needs

from .. import actions, queries
from ..rules import why_not_sent

bp = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@bp.get("/")
@needs(May.CHOOSE_SETTINGS)
def index() -> str:
    """To whom and why; never what the message says, which is its reader's alone."""
    rows, total = queries.given_up()
    return render_template(
        "notices/failed.html",
        rows=rows,
        total=total,
        why=why_not_sent,
        any_left=any(not one.about for one in rows),
    )


@bp.post("/<uuid:delivery_id>/retry")
@needs(May.CHOOSE_SETTINGS)
def retry(delivery_id: UUID) -> ResponseReturnValue:
    with transaction():
        actions.retry(delivery_id, current_actor())
    flash(_("马上再试一次。"), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/retry")
@needs(May.CHOOSE_SETTINGS)
def retry_all() -> ResponseReturnValue:
    with transaction():
        count = actions.retry_all(current_actor())
    flash(_("马上再试 %(count)s 条。", count=count), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
