"""The page of one paper: its text, the next step, its files and what befell it."""

from http import HTTPStatus
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from audit.core.actors import Actor, May
from audit.core.errors import NotFound
from audit.web.access import current_actor

from .. import actions, queries
from ..handing import ZIP
from ..paper import body
from ..rules.content import Figure, digest
from ..rules.kinds import ARTICLES, Kind, State
from ..rules.life import STEPS, Act, acts_open_to

ACTS = (May.ADVISE, May.APPROVE_ADVICE, May.ORDER, May.REFER)
SEES = (May.SEE_DOCUMENTS, May.SEE_PACKS)
FORMS = ("docx", "pdf", "html")


def page(
    document_id: UUID, problems: dict[str, str] | None = None, why: str = "", conflict: str = ""
) -> ResponseReturnValue:
    actor = current_actor()
    document = queries.get_document(document_id, actor)
    following = queries.later_version(document)
    content = actions.preview(document)

    def source(figure: Figure) -> str:
        if document.state is State.ISSUED:
            return url_for("papers.picture", document_id=document.id, sha256=figure.sha256)
        return url_for("photos.show", photo_id=shown[figure.sha256], size="large")

    shown = {} if document.state is State.ISSUED else actions.photo_ids(document)
    answer = render_template(
        "documents/show.html",
        document=document,
        paper=body(content, source, level=2),
        seen=digest(content.plain()),
        acts=acts_open_to(document.standing(is_replaced=following is not None), actor),
        following=following,
        following_is_shown=following is not None and _sees(following.id, actor),
        problems=problems or {},
        typed_why=why,
        conflict=conflict,
        steps=STEPS,
        Act=Act,
        State=State,
        articles=ARTICLES,
        may_make=any(actor.may(one, document.district_code) for one in ACTS),
        forms=[(name, document.file(name)) for name in FORMS],
        is_pack=document.kind is Kind.PACK,
        zip=document.file(ZIP),
    )
    if conflict:
        return answer, HTTPStatus.CONFLICT
    return answer, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _sees(document_id: UUID, actor: Actor) -> bool:
    try:
        queries.get_document(document_id, actor)
    except NotFound:
        return False
    return True
