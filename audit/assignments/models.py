from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation
from audit.core.db import Base
from audit.core.sealing import SealedText
from audit.districts.models import District
from audit.findings.models import Finding


class Assignment(Base):
    """Findings of one organisation in one district, sent to it together."""

    __tablename__ = "assignment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True, comment="ZG-2026-000123")
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"))
    contact: Mapped[str] = mapped_column(String(200), comment="whom the organisation may call")
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    made_by_name: Mapped[str] = mapped_column(String(60))
    receipt_due: Mapped[date] = mapped_column(comment="last day to confirm the receipt in time")
    confirmed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None] = mapped_column(
        comment="when something had been said about every finding for the first time"
    )
    signer_name: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    signer_phone: Mapped[str] = mapped_column(SealedText, default="", server_default="")

    organisation: Mapped[Organisation] = relationship()
    district: Mapped[District] = relationship()
    items: Mapped[list["AssignmentItem"]] = relationship(order_by="AssignmentItem.place")
    links: Mapped[list["AssignmentLink"]] = relationship(
        back_populates="assignment", order_by="AssignmentLink.made_at"
    )

    __table_args__ = (
        Index("ix_assignment_organisation_id", "organisation_id"),
        Index("ix_assignment_district_code_made_at", "district_code", "made_at"),
        Index("ix_assignment_made_at", "made_at"),
        Index("ix_assignment_receipt", "confirmed_at", "receipt_due"),
    )


class AssignmentItem(Base):
    """One finding of a notice."""

    __tablename__ = "assignment_item"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    place: Mapped[int] = mapped_column(comment="in the notice, from 1")

    finding: Mapped[Finding] = relationship()

    __table_args__ = (Index("ix_assignment_item_finding_id", "finding_id"),)


class AssignmentLink(Base):
    """An address that opens a notice without an account. The address itself is kept nowhere."""

    __tablename__ = "assignment_link"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256")
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    made_by_name: Mapped[str] = mapped_column(String(60))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(back_populates="links")
    uses: Mapped[list["LinkUse"]] = relationship(
        back_populates="link", order_by="LinkUse.opened_at.desc()"
    )

    __table_args__ = (Index("ix_assignment_link_assignment_id", "assignment_id"),)


class LinkUse(Base):
    """A browser that opened a link, and whoever signed in it. The link's own state still decides:
    revoked, it ends every use at once."""

    __tablename__ = "link_use"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256")
    link_id: Mapped[UUID] = mapped_column(ForeignKey("assignment_link.id"))
    opened_at: Mapped[datetime]
    network: Mapped[str] = mapped_column(String(50), comment="its first 24 bits, or 48 of IPv6")
    signer_name: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    signer_phone: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    ended_at: Mapped[datetime | None]

    link: Mapped[AssignmentLink] = relationship(back_populates="uses")

    __table_args__ = (Index("ix_link_use_link_id", "link_id", "opened_at"),)
