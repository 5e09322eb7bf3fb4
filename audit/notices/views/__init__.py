from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from audit.core.db import transaction
from audit.core.language import current_language
from audit.web.access import current_actor, find_current_actor, signed_in
from audit.web.filters import forgiving, list_url, narrowing
from audit.web.pages import safe_next

from .. import actions, queries
from ..forms import parse_filter, parse_topic
from ..queries import InboxFilter
from ..rules import MOST_COUNTED, TOPICS, Topic, why_not_sent

bp = Blueprint("notices", __name__, url_prefix="/messages")
ENDPOINT = "notices.index"


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int | None = None


@bp.app_template_global()
def unread_notices() -> str:
    """How many this person has not read, for the header; empty for none. An error page is shown
    also where the database cannot be asked."""
    actor = find_current_actor()
    try:
        count = queries.count_unread(actor) if actor is not None else 0
    except SQLAlchemyError:
        return ""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


@bp.get("/")
@signed_in
@forgiving(parse_filter)
def index() -> ResponseReturnValue:
    actor, chosen = current_actor(), parse_filter(request.args)
    notices, total = queries.list_notices(actor, chosen)
    unread, query = queries.unread_by_topic(actor), narrowing(request.args)
    return render_template(
        "notices/index.html",
        notices=notices,
        total=total,
        chosen=chosen,
        topics=TOPICS,
        why=why_not_sent,
        undelivered=queries.undelivered([one.id for one in notices]),
        tabs=_tabs(chosen, unread),
        any_unread=unread.get(chosen.topic) if chosen.topic else sum(unread.values()),
        pages=max(1, -(-total // queries.PER_PAGE)),
        url_for_page=lambda page: list_url(ENDPOINT, [*query, ("page", str(page))]),
    )


@bp.post("/<uuid:notice_id>/open")
@signed_in
def open_one(notice_id: UUID) -> ResponseReturnValue:
    """It is read, and leads to what it is about; who may no longer see that finds nothing there."""
    with transaction():
        address = actions.mark(notice_id, current_actor(), read=True).address
    return redirect(safe_next(address or url_for(ENDPOINT)), HTTPStatus.SEE_OTHER)


@bp.post("/<uuid:notice_id>/<any(read, unread):how>")
@signed_in
def mark(notice_id: UUID, how: str) -> ResponseReturnValue:
    with transaction():
        actions.mark(notice_id, current_actor(), read=how == "read")
    return _back()


@bp.post("/read")
@signed_in
def mark_all() -> ResponseReturnValue:
    topic = parse_topic(request.form.get("topic", ""))
    with transaction():
        actions.mark_all(current_actor(), topic)
    flash(_("都标为已读了。"), "success")
    return _back()


def _back() -> ResponseReturnValue:
    """To the same part of the list."""
    next_url = request.form.get("next") or url_for(ENDPOINT)
    return redirect(safe_next(next_url), HTTPStatus.SEE_OTHER)


def _tabs(chosen: InboxFilter, unread: Mapping[Topic, int]) -> list[Tab]:
    """All, what is unread, and each topic with what is unread of it."""
    everything = Tab(str(_("全部")), url_for(ENDPOINT), chosen.topic is None and not chosen.unread)
    fresh = Tab(
        str(_("未读")),
        list_url(ENDPOINT, [("unread", "1")]),
        chosen.unread and chosen.topic is None,
        sum(unread.values()),
    )
    language = current_language()
    return [everything, fresh] + [
        Tab(
            text.in_(language),
            list_url(ENDPOINT, [("topic", topic)]),
            chosen.topic is topic,
            unread.get(topic),
        )
        for topic, text in TOPICS.items()
    ]
