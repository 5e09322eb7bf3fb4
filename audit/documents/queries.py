from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.findings.models import Finding, FindingEvent, FindingPhoto

from .models import Document, DocumentFile, DocumentFinding
from .rules.kinds import KINDS, Kind, State

PER_PAGE = 30


@dataclass(frozen=True)
class DocumentFilter:
    """Empty fields do not narrow."""

    kind: Kind | None = None
    state: State | None = None
    district: str = ""
    page: int = 1


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What is issued in one's districts or to one's organisation, packs for whoever may see packs;
    what is not issued yet only to who drafted it and to those who may approve it."""
    issued = (Document.state == State.ISSUED) & (Document.kind != Kind.PACK)
    packs = (Document.state == State.ISSUED) & (Document.kind == Kind.PACK)
    parts: list[ColumnElement[bool]] = [false(), packs & _within(actor, May.SEE_PACKS)]
    if actor.may(May.SEE_DOCUMENTS) and actor.organisation_id is not None:
        parts.append(issued & (Document.organisation_id == actor.organisation_id))
    if not actor.only_own_organisation(May.SEE_DOCUMENTS):
        parts.append(issued & _within(actor, May.SEE_DOCUMENTS))
    if actor.id is not None:
        parts.append(Document.drafted_by_id == actor.id)
    for kind, facts in KINDS.items():
        parts += [(Document.kind == kind) & _within(actor, right) for right in facts.approve]
    return or_(*parts)


def _within(actor: Actor, right: May) -> ColumnElement[bool]:
    codes = actor.districts_for(right)
    return true() if codes is None else Document.district_code.in_(codes)


def get_document(document_id: UUID, actor: Actor) -> Document:
    """With its findings, steps and files. Raises `NotFound` also across districts."""
    found = db.session.scalar(
        select(Document)
        .where(Document.id == document_id, visible_to(actor))
        .options(
            joinedload(Document.organisation),
            joinedload(Document.district),
            joinedload(Document.replaces),
            joinedload(Document.drafter),
            selectinload(Document.steps),
            selectinload(Document.files),
            selectinload(Document.findings).joinedload(DocumentFinding.finding).options(*_whole()),
        )
    )
    if found is None:
        raise NotFound
    return found


def ticked_findings(numbers: Collection[str], condition: ColumnElement[bool]) -> list[Finding]:
    """With all that a paper tells of them, in the order of `numbers`."""
    rows = db.session.scalars(
        select(Finding).where(Finding.number.in_(numbers), condition).options(*_whole())
    ).all()
    place = {number: at for at, number in enumerate(numbers)}
    return sorted(rows, key=lambda one: place[one.number])


def _whole() -> tuple[joinedload, ...]:  # type: ignore[valid-type]
    return (
        joinedload(Finding.facility),
        joinedload(Finding.organisation),
        selectinload(Finding.events)
        .selectinload(FindingEvent.photos)
        .joinedload(FindingPhoto.photo),
    )


def list_documents(actor: Actor, chosen: DocumentFilter) -> tuple[Sequence[Document], int]:
    """One page, what was moved last first, and how many there are in all."""
    same = (
        (Document.kind, chosen.kind),
        (Document.state, chosen.state),
        (Document.district_code, chosen.district),
    )
    where = and_(visible_to(actor), *(column == value for column, value in same if value))
    total = db.session.scalar(select(func.count()).select_from(Document).where(where)) or 0
    rows = db.session.scalars(
        select(Document)
        .where(where)
        .options(joinedload(Document.organisation), joinedload(Document.district))
        .order_by(Document.changed_at.desc(), Document.id.desc())
        .limit(PER_PAGE)
        .offset((max(chosen.page, 1) - 1) * PER_PAGE)
    ).all()
    return rows, total


def later_version(document: Document) -> Document | None:
    """The version that corrects this one, drafted or issued."""
    return db.session.scalar(
        select(Document).where(
            Document.replaces_id == document.id, Document.state != State.DISCARDED
        )
    )


def documents_about(finding_id: UUID, actor: Actor) -> Sequence[Document]:
    """Those that this person may see, the newest first."""
    return db.session.scalars(
        select(Document)
        .join(DocumentFinding)
        .where(
            DocumentFinding.finding_id == finding_id,
            Document.state != State.DISCARDED,
            visible_to(actor),
        )
        .order_by(Document.changed_at.desc(), Document.id.desc())
    ).all()


def named_files() -> Sequence[str]:
    """The hash of every file of every paper that lies somewhere."""
    lies = DocumentFile.name != "zip"
    return db.session.scalars(
        select(DocumentFile.sha256).where(lies).distinct().order_by(DocumentFile.sha256)
    ).all()


def issued_contents() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Of every issued paper its number, the digest that was kept, and the content."""
    rows = db.session.execute(
        select(Document.number, Document.content_sha256, Document.content)
        .where(Document.state == State.ISSUED)
        .order_by(Document.number, Document.version)
    )
    for number, sha256, content in rows:
        yield str(number), str(sha256), dict(content or {})
