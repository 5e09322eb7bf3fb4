from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.core.language import current_language
from audit.web.access import current_actor, signed_in
from audit.web.filters import list_url

from . import actions, queries
from .forms import count_of, pairs_of, parse_name, parse_query, parse_subject
from .models import SavedView
from .rules import LISTS, LONGEST_NAME, Subject, kept_pairs

bp = Blueprint("saved", __name__, url_prefix="/saved")
ENDPOINTS: Mapping[Subject, str] = {
    Subject.FINDINGS: "findings.index",
    Subject.FACILITIES: "facilities.index",
    Subject.INSPECTIONS: "inspections.index",
    Subject.MAP: "maps.show",
}


@dataclass(frozen=True)
class ShownView:
    """`count` None: a condition is known no more; `by`: whose it is, where it is somebody
    else's."""

    id: UUID
    name: str
    url: str
    list_name: str
    count: int | None
    by: str
    shared: bool
    current: bool = False


@dataclass(frozen=True)
class Bar:
    """What stands above a list: its saved views, and what narrows it now (empty: nothing that
    could be saved)."""

    subject: Subject
    views: list[ShownView]
    query: str


@bp.app_template_global()
def saved_bar(name: str) -> Bar:
    """For the page of a list, by the list's name."""
    subject = Subject(name)
    here = kept_pairs(subject, request.args.items(multi=True))
    views = [_shown(one, here) for one in queries.views_for(current_actor(), subject)]
    return Bar(subject, views, "" if any(one.current for one in views) else urlencode(here))


@bp.app_template_global()
def saved_views() -> list[ShownView]:
    """All that this person has and is shown, for the start page."""
    return [_shown(one) for one in queries.views_for(current_actor())]


@bp.get("/")
@signed_in
def index() -> str:
    actor = current_actor()
    shown = [_shown(one) for one in queries.views_for(actor)]
    return render_template(
        "saved/index.html",
        own=[one for one in shown if not one.by],
        theirs=[one for one in shown if one.by],
        may_share=actor.may(May.SHARE_VIEWS),
    )


@bp.post("/")
@signed_in
def keep() -> ResponseReturnValue:
    """Save what narrows a list now. A name that is taken asks before it changes anything."""
    actor = current_actor()
    subject = parse_subject(request.form, actor)
    name, query = parse_name(request.form), parse_query(request.form, subject)
    replace = request.form.get("replace") == "1"
    try:
        with transaction():
            view = actions.keep_view(actor, subject, name, query, replace=replace)
            where = list_url(ENDPOINTS[subject], pairs_of(view))
    except Invalid as wrong:
        return _name_page(name, wrong.problems, subject=subject, query=query)
    except actions.NameTaken:
        return _name_page(name, {}, subject=subject, query=query, taken=True)
    flash(_("已保存为“%(name)s”。", name=name), "success")
    return redirect(where, HTTPStatus.SEE_OTHER)


@bp.route("/<uuid:view_id>/name", methods=["GET", "POST"])
@signed_in
def rename(view_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    view = queries.get_own(view_id, actor)
    if request.method == "GET":
        return _name_page(view.name, {})
    name = parse_name(request.form)
    try:
        with transaction():
            actions.rename_view(queries.get_own(view_id, actor), name, actor)
    except Invalid as wrong:
        return _name_page(name, wrong.problems)
    return _done(_("已改名为“%(name)s”。", name=name))


@bp.post("/<uuid:view_id>/delete")
@signed_in
def delete(view_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        view = queries.get_own(view_id, actor)
        name = view.name
        actions.drop_view(view, actor)
    return _done(_("已删除“%(name)s”。", name=name))


@bp.post("/<uuid:view_id>/share")
@signed_in
def share(view_id: UUID) -> ResponseReturnValue:
    actor, shared = current_actor(), request.form.get("shared") == "1"
    with transaction():
        actions.share_view(queries.get_own(view_id, actor), actor, shared=shared)
    return _done(_("已共享给您负责的区县里的所有人。") if shared else _("不再共享。"))


def _done(said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(list_url("saved.index", []), HTTPStatus.SEE_OTHER)


def _name_page(
    name: str,
    problems: Mapping[str, object],
    *,
    subject: Subject | None = None,
    query: str = "",
    taken: bool = False,
) -> ResponseReturnValue:
    """`subject`: a new view of this list is to be named; without one a known view again."""
    page = render_template(
        "saved/name.html",
        name=name,
        problems={key: str(text) for key, text in problems.items()},
        subject=subject,
        query=query,
        taken=taken,
        longest=LONGEST_NAME,
        back=list_url(ENDPOINTS[subject] if subject else "saved.index", []),
    )
    if taken:
        return page, HTTPStatus.CONFLICT
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _shown(view: SavedView, here: object = None) -> ShownView:
    actor: Actor = current_actor()
    pairs = pairs_of(view)
    return ShownView(
        id=view.id,
        name=view.name,
        url=list_url(ENDPOINTS[view.subject], pairs),
        list_name=LISTS[view.subject].title.in_(current_language()),
        count=count_of(view, actor),
        by="" if view.owner_id == actor.id else view.owner.name,
        shared=view.shared,
        current=pairs == here,
    )
