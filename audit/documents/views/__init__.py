from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.errors import Conflict
from audit.districts.queries import responsible_districts
from audit.web.access import current_actor, needs
from audit.web.filters import forgiving, narrowing
from audit.web.reasons import Sent

from .. import actions, queries
from ..forms import parse_filter, parse_texts
from ..models import Document
from ..rules.kinds import ARTICLES, KINDS, STATES, Kind
from ..rules.life import Act, may_any
from .showing import ACTS, SEES, page

bp = Blueprint("documents", __name__, url_prefix="/documents")


@bp.app_template_global()
def kinds_to_draft(actor: Actor) -> list[Kind]:
    """Kinds of paper that this person may draft in some district."""
    return [kind for kind, facts in KINDS.items() if may_any(actor, facts.draft)]


@bp.app_template_global()
def documents_of(finding_id: UUID, actor: Actor) -> list[Document]:
    """The papers in which a finding stands, for its page."""
    sees = any(actor.may(one) for one in SEES)
    return list(queries.documents_about(finding_id, actor)) if sees else []


@bp.app_context_processor
def words() -> dict[str, object]:
    return {"document_kinds": KINDS, "document_states": STATES}


@bp.get("/")
@needs(*SEES)
@forgiving(parse_filter)
def index() -> str:
    chosen = parse_filter(request.args)
    rows, total = queries.list_documents(current_actor(), chosen)
    return render_template(
        "documents/index.html",
        rows=rows,
        total=total,
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        query=narrowing(request.args),
        districts=responsible_districts(),
    )


@bp.get("/<uuid:document_id>")
@needs(*SEES)
def show(document_id: UUID) -> ResponseReturnValue:
    return page(document_id)


@bp.get("/<uuid:document_id>/edit")
@needs(*ACTS)
def edit(document_id: UUID) -> ResponseReturnValue:
    document = queries.get_document(document_id, current_actor())
    try:
        actions.check(document, Act.EDIT, current_actor())
    except Conflict as error:
        flash(str(error.message), "error")
        return _back(document_id)
    return _form(document, document.texts, document.article)


@bp.post("/<uuid:document_id>/edit")
@needs(*ACTS)
def save(document_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    document = queries.get_document(document_id, actor)
    typed = parse_texts(document.kind, request.form)
    if typed.problems:
        return _form(document, typed.texts, typed.article, typed.problems)
    with transaction():
        document = queries.get_document(document_id, actor)
        actions.edit(document, typed.article, typed.texts, actor)
    flash(_("已保存。送审以前只有您能修改。"), "success")
    return _back(document_id)


@bp.post("/<uuid:document_id>/submit")
@needs(*ACTS)
def submit(document_id: UUID) -> ResponseReturnValue:
    with transaction():
        actor = current_actor()
        actions.submit(queries.get_document(document_id, actor), actor)
    flash(_("已送审。要由另一位有权限的人批准，文书才会签发。"), "success")
    return _back(document_id)


@bp.post("/<uuid:document_id>/return")
@needs(*ACTS)
def send_back(document_id: UUID) -> ResponseReturnValue:
    sent = Sent.of(request.form)
    if sent.problems:
        return page(document_id, sent.problems, sent.typed["why"])
    with transaction():
        actor = current_actor()
        actions.send_back(queries.get_document(document_id, actor), sent.why, actor)
    flash(_("已退回给起草人修改。"), "success")
    return _back(document_id)


@bp.post("/<uuid:document_id>/approve")
@needs(*ACTS)
def approve(document_id: UUID) -> ResponseReturnValue:
    """Pictures first, without a transaction; then all of the rest or nothing."""
    actor = current_actor()
    document = queries.get_document(document_id, actor)
    actions.check(document, Act.APPROVE, actor)
    actions.gather_pictures(document)
    try:
        with transaction():
            document = queries.get_document(document_id, actor)
            actions.approve(document, request.form.get("seen", ""), actor)
    except Conflict as error:
        return page(document_id, conflict=str(error.message))
    flash(_("已签发。文件正在生成，过一会儿就可以下载。"), "success")
    return _back(document_id)


@bp.post("/<uuid:document_id>/discard")
@needs(*ACTS)
def discard(document_id: UUID) -> ResponseReturnValue:
    with transaction():
        actor = current_actor()
        actions.discard(queries.get_document(document_id, actor), actor)
    flash(_("草稿已作废。"), "success")
    return _back(document_id)


@bp.post("/<uuid:document_id>/correct")
@needs(*ACTS)
def correct(document_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        made = actions.correct(queries.get_document(document_id, actor), actor)
        made_id = made.id
    flash(_("更正版的草稿已建好，内容同上一版。改好以后送审。"), "success")
    return _back(made_id)


@bp.post("/<uuid:document_id>/files")
@needs(*ACTS)
def again(document_id: UUID) -> ResponseReturnValue:
    """Promise the files once more where some are still missing."""
    with transaction():
        actions.promise_files(queries.get_document(document_id, current_actor()))
    flash(_("已重新安排生成文件，过一会儿再看。"), "success")
    return _back(document_id)


def _form(
    document: Document, texts: dict[str, str], article: object,
    problems: dict[str, str] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "documents/edit.html",
        document=document,
        blanks=KINDS[document.kind].blanks,
        texts=texts,
        article=article,
        articles=ARTICLES,
        problems=problems or {},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _back(document_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".show", document_id=document_id), HTTPStatus.SEE_OTHER)
