from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base
from audit.journal.models import BigId

from .rules import Kind


class AlertCursor(Base):
    """One row: up to which entry of the journal people have been told. It moves in the transaction
    that writes the messages."""

    __tablename__ = "alert_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigId)


class Reminder(Base):
    """That one clock was told of. A clock is named by its beginning and by the time granted, or
    asked for: more time begins it anew."""

    __tablename__ = "alert_reminder"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"))
    kind: Mapped[Kind]
    clock_since: Mapped[datetime]
    until: Mapped[date | None] = mapped_column(comment="the last day granted, or asked for")
    at: Mapped[datetime]

    __table_args__ = (Index("ix_alert_reminder_finding_id", "finding_id", "kind"),)
