from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation, User
from audit.core.db import Base
from audit.districts.models import District
from audit.findings.models import Finding

from .rules.kinds import Article, Kind, State
from .rules.life import Standing


class Document(Base):
    """A paper about findings of one organisation in one district.

    Triggers made by the migrations refuse every change of what is issued, and every deletion.
    """

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    article: Mapped[Article] = mapped_column(comment="of the law; empty where nothing is ordered")
    state: Mapped[State]
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"))
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id"), comment="to whom it is addressed"
    )
    texts: Mapped[dict[str, str]] = mapped_column(JSON, comment="typed, by the name of the blank")
    number: Mapped[str | None] = mapped_column(String(32), comment="ours, given when issued")
    version: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("document.id"), comment="the version that this one corrects"
    )
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[UUID | None]
    drafted_by_name: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None]
    approved_by_name: Mapped[str] = mapped_column(String(60), default="")
    content: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="the whole paper, as it was approved"
    )
    content_sha256: Mapped[str | None] = mapped_column(String(64))

    district: Mapped[District] = relationship()
    organisation: Mapped[Organisation] = relationship()
    drafter: Mapped[User | None] = relationship(
        primaryjoin="foreign(Document.drafted_by_id) == User.id", viewonly=True
    )
    replaces: Mapped["Document | None"] = relationship(remote_side=[id])
    findings: Mapped[list["DocumentFinding"]] = relationship(order_by="DocumentFinding.position")
    steps: Mapped[list["DocumentStep"]] = relationship(order_by="DocumentStep.seq")
    files: Mapped[list["DocumentFile"]] = relationship(order_by="DocumentFile.name")

    __table_args__ = (
        CheckConstraint(
            "(state = 'issued') = (content is not null and content_sha256 is not null "
            "and number is not null and issued_at is not null and approved_by_id is not null)",
            name="issued_whole",
        ),
        CheckConstraint(
            "approved_by_id is null or (drafted_by_id is not null "
            "and approved_by_id <> drafted_by_id)",
            name="two_people",
        ),
        CheckConstraint("(kind = 'order') = (article <> '')", name="article_of_orders"),
        CheckConstraint("(version = 1) = (replaces_id is null)", name="versions"),
        UniqueConstraint("number", "version"),
        Index(
            "uq_document_replaces_id",
            "replaces_id",
            unique=True,
            sqlite_where=text("state <> 'discarded'"),
            postgresql_where=text("state <> 'discarded'"),
        ),
        Index("ix_document_district_code_state", "district_code", "state"),
        Index("ix_document_organisation_id", "organisation_id"),
        Index("ix_document_changed_at", "changed_at"),
    )

    def standing(self, *, is_replaced: bool = False) -> Standing:
        """What a decision about it needs to know."""
        drafted_in = self.drafter.organisation_id if self.drafter else None
        return Standing(
            self.kind, self.state, self.district_code, self.drafted_by_id, is_replaced, drafted_in
        )

    def file(self, name: str) -> "DocumentFile | None":
        return next((one for one in self.files if one.name == name), None)


class DocumentFinding(Base):
    """A finding that stands in a paper, in the order of the paper."""

    __tablename__ = "document_finding"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    position: Mapped[int]

    document: Mapped[Document] = relationship(back_populates="findings")
    finding: Mapped[Finding] = relationship()

    __table_args__ = (Index("ix_document_finding_finding_id", "finding_id"),)


class DocumentStep(Base):
    """One step of a paper's life: who, when, why. Never changed."""

    __tablename__ = "document_step"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text, default="")


class DocumentFile(Base):
    """One form of an issued paper, a table or a picture of it, named by its content. Never changed.

    Of the ZIP of a pack only the hash and the size are kept: it is made of the others.
    """

    __tablename__ = "document_file"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    name: Mapped[str] = mapped_column(
        String(80), primary_key=True, comment="docx, html, pdf, or the hash of a picture"
    )
    sha256: Mapped[str] = mapped_column(String(64))
    byte_size: Mapped[int]

    __table_args__ = (Index("ix_document_file_sha256", "sha256"),)
