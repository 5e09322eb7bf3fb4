"""A referral pack is handed over: its findings are referred, its tables kept, its ZIP given out."""

import hashlib
import json
from collections.abc import Iterator
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor, May
from audit.core.db import db, transaction
from audit.core.errors import Conflict, NotAllowed
from audit.findings.actions.life import Told, act
from audit.findings.rules import Verb
from audit.journal.actions import record
from audit.journal.models import JournalEntry
from audit.photos.actions import photo_storage, release_original
from audit.photos.models import Photo
from audit.photos.rules import original_key
from audit.tables.writing import csv_of

from .models import Document, DocumentFile
from .packing import Member, how_to_check, zipped
from .rules.content import visible
from .rules.evidence import (
    CHRONOLOGY,
    POINTS,
    chronology_rows,
    geojson,
    points_rows,
    readable,
    written,
)
from .rules.matter import Matter
from .storage import get, put

ZIP = "zip"
MANIFEST = "manifest.json"
PAPERS = ("docx", "html", "pdf")
TABLES = ("points.csv", "points.geojson", "chronology.csv", MANIFEST)
NOT_READY = _("压缩文件还没有生成好，请过一会儿再来下载。")
GONE = _("有原始照片已过保存期限，原件已销毁，压缩文件不能再导出。文书仍可下载。")


def refer_findings(document: Document, number: str, actor: Actor) -> None:
    """Those that are not referred yet: what is handed over is referred by it."""
    for one in document.findings:
        if one.finding.referred_at is None:
            act(one.finding, Verb.REFER, actor, Told(f"随线索包 {number} 移送。"))
            db.session.flush()
            db.session.expire(one.finding, ["events"])


def keep_tables(document: Document, matter: Matter, entry: JournalEntry) -> None:
    """Beside the paper: what its ZIP is made of later, from this moment on unchanged."""
    tables = {
        "points.csv": csv_of(POINTS, readable(points_rows(matter))),
        "points.geojson": geojson(_plain(matter)),
        "chronology.csv": csv_of(CHRONOLOGY, readable(chronology_rows(matter))),
        MANIFEST: written(_manifest(document, matter, entry)),
    }
    for name, raw in tables.items():
        document.files.append(DocumentFile(name=name, sha256=put(raw), byte_size=len(raw)))
    db.session.flush()


def _plain(matter: Matter) -> Matter:
    return Matter(
        matter.addressee, matter.credit_code, visible(matter.points),
        dossiers=visible(matter.dossiers),
    )  # fmt: skip


def _manifest(document: Document, matter: Matter, entry: JournalEntry) -> dict[str, object]:
    assert document.issued_at is not None  # noqa: S101 -- it is issued
    return {
        "format": "tantu-referral-pack/1",
        "number": document.number,
        "version": document.version,
        "issued_at": document.issued_at.isoformat(),
        "district": document.district_code,
        "addressee": matter.addressee,
        "content_sha256": document.content_sha256,
        "journal": {"seq": entry.seq, "hash": entry.hash},
        "findings": [one.number for one in matter.points],
        "originals": [
            {"file": one.file, "photo": one.photo_id, "sha256": one.sha256, "bytes": one.size,
             "finding": point.number, "side": one.side, "taken": one.taken,
             "received": one.received, "place": one.place}
            for point, more in zip(matter.points, matter.dossiers, strict=True)
            for one in more.originals if not one.is_gone
        ],
    }  # fmt: skip


def is_whole(document: Document) -> bool:
    """Whether all papers are there that go into the ZIP."""
    return {*PAPERS, *TABLES} <= {one.name for one in document.files}


def parts_of(document: Document) -> Iterator[bytes]:
    """The ZIP, without a transaction open. Raises `Conflict` before papers are made."""
    if not is_whole(document) or document.issued_at is None:
        raise Conflict(NOT_READY)
    folder = f"{document.number}-v{document.version}"
    names = {form: f"{folder}.{form}" for form in PAPERS}
    kept = {one.name: one.sha256 for one in document.files}
    issued_at = document.issued_at
    originals = json.loads(get(kept[MANIFEST]))["originals"]
    db.session.rollback()
    members = [how_to_check()]
    members += [_kept(names.get(one, one), kept[one]) for one in (*PAPERS, *TABLES)]
    members += [_original(one["file"], one["sha256"]) for one in originals]
    return zipped(folder, members, issued_at)


def _kept(name: str, sha256: str) -> Member:
    return Member(name, sha256, lambda: get(sha256))


def _original(name: str, sha256: str) -> Member:
    def read() -> bytes:
        with photo_storage().open(original_key(sha256)) as file:
            return file.read()

    return Member(name, sha256, read)


def keep_sum(document_id: UUID) -> None:
    """Its hash and its size, for whoever receives it; the ZIP itself lies nowhere."""
    digest, size = hashlib.sha256(), 0
    for part in parts_of(db.session.get_one(Document, document_id)):
        digest.update(part)
        size += len(part)
    with transaction():
        document = db.session.get_one(Document, document_id)
        if document.file(ZIP) is None:
            document.files.append(DocumentFile(name=ZIP, sha256=digest.hexdigest(), byte_size=size))


def release_pack(document: Document, actor: Actor, reason: str) -> None:
    """Journals who takes the pack and why, and that every original in it was opened for that.

    Raises `NotAllowed`, `Invalid` without a reason, `Conflict` before it is made or after the
    retention of a picture."""
    if not actor.may(May.SEE_PACKS, document.district_code):
        raise NotAllowed
    kept = document.file(ZIP)
    if kept is None:
        raise Conflict(NOT_READY)
    manifest = document.file(MANIFEST)
    assert manifest is not None  # noqa: S101 -- the ZIP was made of it
    for one in json.loads(get(manifest.sha256))["originals"]:
        photo = db.session.get_one(Photo, UUID(one["photo"]))
        if photo.original_gone_at is not None:
            raise Conflict(GONE)
        release_original(photo, actor, reason)
    detail = {"number": document.number, "version": document.version, "zip": kept.sha256}
    record(actor, "export", "document", document.id, district=document.district_code,
           why=reason, detail=detail)  # fmt: skip
