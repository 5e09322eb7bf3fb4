"""Files of issued papers as HTTP answers: always the bytes that were kept."""

from uuid import UUID

from flask import Blueprint, Response
from werkzeug.datastructures import Headers

from audit.core.actors import May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.web.access import current_actor, needs

from .. import queries
from ..models import Document
from ..storage import get

bp = Blueprint("papers", __name__, url_prefix="/documents")
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "application/octet-stream",  # its style is its own: to be saved, not shown by us
}


@bp.get("/<uuid:document_id>/files/<any(docx, pdf, html):form>")
@needs(May.SEE_DOCUMENTS, May.SEE_PACKS)
def download(document_id: UUID, form: str) -> Response:
    """As a file to save: a browser never shows it as a page of ours."""
    document = queries.get_document(document_id, current_actor())
    name = f"{document.number}-v{document.version}.{form}"
    return _answer(document, form, TYPES[form], f"attachment; filename={name}")


@bp.get("/<uuid:document_id>/pictures/<string(length=64):sha256>")
@needs(May.SEE_DOCUMENTS, May.SEE_PACKS)
def picture(document_id: UUID, sha256: str) -> Response:
    """As it was when the paper was issued."""
    document = queries.get_document(document_id, current_actor())
    return _answer(document, sha256, "image/jpeg", "inline")


def _answer(document: Document, name: str, kind: str, disposition: str) -> Response:
    kept = document.file(name)
    if kept is None:
        raise NotFound
    sha256 = kept.sha256
    db.session.rollback()
    return Response(get(sha256), mimetype=kind, headers=headers_of(disposition))


def headers_of(disposition: str) -> Headers:
    return Headers(
        {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Disposition": disposition,
            "Cache-Control": "private, no-store",
        }
    )
