from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base
from audit.journal.models import BigId

from .rules import Stage, Unit


class LimitChange(Base):
    """One limit chosen anew; the last one of a scope holds for what begins after it. Never
    changed, never deleted."""

    __tablename__ = "limit_change"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    stage: Mapped[Stage]
    rule: Mapped[str] = mapped_column(String(80), default="", comment="empty: does not narrow")
    district: Mapped[str] = mapped_column(String(12), default="")
    defect: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[str] = mapped_column(String(16), default="")
    severity: Mapped[str] = mapped_column(String(2), default="")
    dropped: Mapped[bool] = mapped_column(default=False, comment="the shipped limit again")
    amount: Mapped[int | None] = mapped_column(comment="null: no limit")
    unit: Mapped[Unit]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text)


class WorkingDayChange(Base):
    """One day set to be worked or free; the last one of a day holds. Where `year` is set, the
    holidays of that whole year are said to be known."""

    __tablename__ = "working_day_change"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    day: Mapped[date | None]
    working: Mapped[bool] = mapped_column(default=False)
    year: Mapped[int | None]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text)
