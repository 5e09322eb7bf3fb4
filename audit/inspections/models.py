from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.core.db import Base
from audit.districts.models import District
from audit.facilities.models import Facility
from audit.findings.models import Finding
from audit.photos.models import Photo

from .rules import InspectionState, Receipt


class Inspection(Base):
    """One visit with one checklist. Its id comes from whoever begins it.

    `round` 1 looks at a place; a higher round re-checks the finding named by `verifies_id`.
    A draft keeps what was typed in `typed`; a filed one keeps its answers as rows.
    """

    __tablename__ = "inspection"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"))
    checklist_id: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(20))
    checklist_hash: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=1)
    verifies_id: Mapped[UUID | None] = mapped_column(ForeignKey("finding.id"))
    state: Mapped[InspectionState]
    inspector_id: Mapped[UUID | None]
    inspector_name: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        comment="it was mistaken, and counts nowhere"
    )
    withdrawn_by_id: Mapped[UUID | None]
    withdrawn_by: Mapped[str] = mapped_column(String(60), default="", server_default="")
    withdrawn_why: Mapped[str] = mapped_column(Text, default="", server_default="")
    lon: Mapped[float | None] = mapped_column(comment="of the phone, WGS-84; private evidence")
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="the facility's facts as they were judged"
    )
    note: Mapped[str] = mapped_column(Text, default="")
    no_photo_reason: Mapped[str] = mapped_column(Text, default="")
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_hash: Mapped[str] = mapped_column(String(64), default="")

    facility: Mapped[Facility] = relationship()
    district: Mapped[District] = relationship()
    verifies: Mapped[Finding | None] = relationship()
    answers: Mapped[list["InspectionAnswer"]] = relationship(
        order_by="InspectionAnswer.position", lazy="raise_on_sql"
    )
    photos: Mapped[list["InspectionPhoto"]] = relationship(
        order_by="InspectionPhoto.item_id, InspectionPhoto.position", lazy="raise_on_sql"
    )

    @property
    def stands(self) -> bool:
        """Filed, and not withdrawn since."""
        return self.filed_at is not None and self.withdrawn_at is None

    __table_args__ = (
        CheckConstraint("(round > 1) = (verifies_id is not null)", name="recheck_names_finding"),
        CheckConstraint("(state = 'submitted') = (filed_at is not null)", name="filed"),
        Index("ix_inspection_facility_id", "facility_id"),
        Index("ix_inspection_district_code_filed_at", "district_code", "filed_at"),
        Index("ix_inspection_inspector_id_state", "inspector_id", "state"),
        Index("ix_inspection_verifies_id", "verifies_id"),
        Index("ix_inspection_started_at", "started_at", "id"),
    )


class InspectionAnswer(Base):
    """One answer with its verdict under the edition used; a row can be judged again later."""

    __tablename__ = "inspection_answer"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    note: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    unverified: Mapped[bool] = mapped_column(default=False)
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey("finding.id"))

    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        Index("ix_inspection_answer_item_id_verdict", "item_id", "verdict"),
        Index("ix_inspection_answer_finding_id", "finding_id"),
    )


class InspectionPhoto(Base):
    __tablename__ = "inspection_photo"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]

    photo: Mapped[Photo] = relationship()

    __table_args__ = (Index("ix_inspection_photo_photo_id", "photo_id"),)


class InspectionReceipt(Base):
    """What a device has sent of an inspection, as it came: the evidence of who sent what, and of
    the order by the device's own counter and our receipt (its clock may be years off).

    One row for each content; `conflict`: it came after something else had been filed under this
    id, and changed nothing.
    """

    __tablename__ = "inspection_receipt"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of content")
    sender_id: Mapped[UUID] = mapped_column(primary_key=True)
    sender_name: Mapped[str] = mapped_column(String(60))
    device: Mapped[UUID]
    counter: Mapped[int] = mapped_column(BigInteger, comment="counts up on the device")
    told_at: Mapped[datetime | None] = mapped_column(comment="by the device's clock")
    received_at: Mapped[datetime]
    outcome: Mapped[Receipt]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
