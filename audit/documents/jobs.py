"""The files of an issued paper, made from what was frozen; each once."""

from uuid import UUID

from audit.core.db import db, transaction
from audit.core.settings import settings
from audit.queue.runs import Run, job

from .actions import JOB, keep_file
from .handing import keep_sum
from .models import Document
from .paper import paper_file
from .rules.content import Content, content_from
from .rules.kinds import Kind
from .storage import get
from .word import word_file


@job(JOB)
def make_files(_run: Run, document_id: str) -> None:
    """Done twice, it keeps the first of each. The PDF comes last: it needs a browser and fails
    without one."""
    page = write_files(document_id)
    if "pdf" not in _frozen(document_id)[1]:
        _keep(document_id, {"pdf": _printed(page)})
    if _is_pack(document_id):
        keep_sum(UUID(document_id))


def write_files(document_id: str) -> bytes:
    """DOCX and HTML; gives the HTML."""
    content, kept = _frozen(document_id)
    if {"docx", "html"} <= kept.keys():
        return get(kept["html"])
    pictures = {one.sha256: get(one.sha256) for one in content.figures()}
    page = paper_file(content, pictures)
    _keep(document_id, {"html": page, "docx": word_file(content, pictures)})
    return page


def _is_pack(document_id: str) -> bool:
    return db.session.get_one(Document, UUID(document_id)).kind is Kind.PACK


def _printed(page: bytes) -> bytes:
    from .printing import print_pdf  # slow to load: selenium

    return print_pdf(page, settings().webdriver_url)


def _frozen(document_id: str) -> tuple[Content, dict[str, str]]:
    """What was issued, and the hashes of the files that there are already."""
    document = db.session.get_one(Document, UUID(document_id))
    kept = {one.name: one.sha256 for one in document.files}
    content = content_from(document.content or {})
    db.session.rollback()
    return content, kept


def _keep(document_id: str, files: dict[str, bytes]) -> None:
    with transaction():
        document = db.session.get_one(Document, UUID(document_id))
        for name, content in files.items():
            keep_file(document, name, content)
