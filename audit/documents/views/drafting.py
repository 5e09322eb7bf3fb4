"""From ticked findings to a draft: which kind of paper, which of them fit, what is typed."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.models import Organisation
from audit.core.actors import Actor, May
from audit.core.db import db, transaction
from audit.core.errors import Conflict, NotFound
from audit.core.ids import new_id
from audit.findings.models import Finding
from audit.findings.queries import visible_to
from audit.web.access import current_actor, needs
from audit.web.bulk import parse_id, parse_ticked
from audit.web.filters import list_url

from .. import actions, queries
from ..forms import Typed, parse_kind, parse_texts
from ..reading import candidate_of
from ..rules.fitness import MOST, proposed_article
from ..rules.kinds import ARTICLES, KINDS, Article, Kind
from ..rules.wording import DEFAULTS
from . import kinds_to_draft
from .words import UNFIT

bp = Blueprint("drafting", __name__, url_prefix="/documents/new")


@bp.get("")
@needs(May.ADVISE, May.ORDER, May.REFER)
def start() -> ResponseReturnValue:
    """First the kind; then which of the ticked findings fit, and the form. Nothing is changed."""
    ticked = parse_ticked(request.args)
    if not ticked.keys or len(ticked.keys) > MOST:
        flash(_("请先勾选问题，最多 %(most)s 个，再做文书。", most=MOST), "error")
        return redirect(list_url("findings.index", ticked.query), HTTPStatus.SEE_OTHER)
    actor, kind = current_actor(), parse_kind(request.args)
    findings = queries.ticked_findings(ticked.keys, visible_to(actor))
    if not findings:
        raise NotFound
    if kind is None:
        return render_template(
            "documents/choose.html", findings=findings, kinds=kinds_to_draft(actor),
            query=ticked.back,
        )  # fmt: skip
    return _page(kind, findings, actor, _proposed(kind, findings, actor), new_id())


@bp.post("")
@needs(May.ADVISE, May.ORDER, May.REFER)
def create() -> ResponseReturnValue:
    actor, kind = current_actor(), parse_kind(request.form)
    document_id = parse_id(request.form)
    keys = parse_ticked(request.form).keys
    if kind is None or not keys or len(keys) > MOST:
        raise NotFound
    typed = parse_texts(kind, request.form)
    findings = queries.ticked_findings(keys, visible_to(actor))
    if typed.problems:
        return _page(kind, findings, actor, typed, document_id)
    try:
        with transaction():
            findings = queries.ticked_findings(keys, visible_to(actor))
            wanted = actions.Draft(kind, typed.article, findings, typed.texts)
            actions.draft(document_id, wanted, actor)
    except Conflict as error:
        findings = queries.ticked_findings(keys, visible_to(actor))
        return _page(kind, findings, actor, typed, document_id, str(error.message))
    flash(_("草稿已建好。请通读一遍，再送审。"), "success")
    where = url_for("documents.show", document_id=document_id)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _proposed(kind: Kind, findings: list[Finding], actor: Actor) -> Typed:
    """What stands in the form before anybody has typed."""
    own = db.session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    texts = dict(DEFAULTS.get(kind, {})) | {
        "issuer": own.name if own else "",
        "contact": actor.name,
        "phone": own.phone if own else "",
    }
    unfit = actions.unfit_findings(kind, findings, actions.sender_of(kind, actor))
    fit = [one for one in findings if one.number not in unfit]
    texts |= actions.proposals(kind, fit)
    wanted = {blank.name for blank in KINDS[kind].blanks}
    article = proposed_article(candidate_of(one) for one in fit)
    return Typed(
        {name: text for name, text in texts.items() if name in wanted},
        article if kind is Kind.ORDER else Article.NONE,
    )


def _page(
    kind: Kind,
    findings: list[Finding],
    actor: Actor,
    typed: Typed,
    document_id: UUID,
    conflict: str = "",
) -> ResponseReturnValue:
    unfit = actions.unfit_findings(kind, findings, actions.sender_of(kind, actor))
    fit = [one for one in findings if one.number not in unfit]
    page = render_template(
        "documents/new.html",
        kind=kind,
        fit=fit,
        unfit=[(one, UNFIT[unfit[one.number]]) for one in findings if one.number in unfit],
        addressee=_name(kind, fit),
        document_id=document_id,
        blanks=KINDS[kind].blanks,
        texts=typed.texts,
        article=typed.article,
        articles=ARTICLES,
        problems=typed.problems,
        conflict=conflict,
        query=request.values.get("query", ""),
    )
    return page, HTTPStatus.CONFLICT if conflict else typed.status


def _name(kind: Kind, findings: list[Finding]) -> str:
    to_id = actions.addressee_of(kind, findings)
    to = db.session.get(Organisation, to_id) if to_id else None
    return to.name if to else ""
