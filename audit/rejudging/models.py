from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

from .rules import Change, State


class Rejudging(Base):
    """A preview: all answers of one list by one of its editions. It is its own only trace."""

    __tablename__ = "rejudging"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    checklist_id: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[State]
    created_at: Mapped[datetime] = mapped_column(comment="what is filed later is not looked at")
    created_by_id: Mapped[UUID | None]
    created_by_name: Mapped[str] = mapped_column(String(60))
    finished_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(default=0, comment="answers to judge")
    judged: Mapped[int] = mapped_column(default=0)
    after_id: Mapped[UUID | None] = mapped_column(comment="the last facility that is done")
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_rejudging_created_at", "created_at"),)


class RejudgingCount(Base):
    """How many answers to an item, in a district, come out so; `latest` of them are the last
    answer to the item at their place."""

    __tablename__ = "rejudging_count"

    rejudging_id: Mapped[UUID] = mapped_column(
        ForeignKey("rejudging.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    district_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    change: Mapped[Change] = mapped_column(primary_key=True)
    answers: Mapped[int]
    latest: Mapped[int]


class RejudgingRow(Base):
    """One answer that comes out otherwise."""

    __tablename__ = "rejudging_row"

    rejudging_id: Mapped[UUID] = mapped_column(
        ForeignKey("rejudging.id", ondelete="CASCADE"), primary_key=True
    )
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    district_code: Mapped[str] = mapped_column(String(12))
    change: Mapped[Change]
    was: Mapped[str] = mapped_column(String(16))
    becomes: Mapped[str] = mapped_column(String(16))
    latest: Mapped[bool]

    __table_args__ = (
        Index("ix_rejudging_row_change", "rejudging_id", "change", "item_id"),
        Index("ix_rejudging_row_facility_id", "facility_id"),
        Index("ix_rejudging_row_inspection_id", "inspection_id"),
    )
