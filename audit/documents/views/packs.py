"""A referral pack as a ZIP, given to whoever says why; and how its hashes are checked."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.web.access import current_actor, needs
from audit.web.reasons import Sent

from .. import queries
from ..handing import ZIP, parts_of, release_pack
from ..rules.kinds import Kind
from .files import headers_of
from .showing import page

bp = Blueprint("packs", __name__, url_prefix="/documents")


@bp.post("/<uuid:document_id>/zip")
@needs(May.OPEN_ORIGINALS)
def download(document_id: UUID) -> ResponseReturnValue:
    """First the journal says who takes it and why; then the bytes, part by part."""
    actor = current_actor()
    document = queries.get_document(document_id, actor)
    if document.kind is not Kind.PACK:
        raise NotFound
    sent = Sent.of(request.form)
    if not sent.problems and len(sent.why) < 2:
        sent.problems["why"] = _("请写明原因。")
    if sent.problems:
        return page(document_id, sent.problems, sent.typed["why"])
    with transaction():
        document = queries.get_document(document_id, actor)
        release_pack(document, actor, sent.why)
    document = queries.get_document(document_id, actor)
    kept = document.file(ZIP)
    if kept is None:
        raise NotFound
    size, name = kept.byte_size, f"{document.number}-v{document.version}.zip"
    parts = stream_with_context(parts_of(document))
    answer = Response(parts, HTTPStatus.OK, mimetype="application/zip")
    answer.headers.update(headers_of(f"attachment; filename={name}"))
    answer.content_length = size
    return answer


@bp.get("/checking")
@needs(May.SEE_PACKS)
def checking() -> str:
    return render_template("documents/checking.html")
