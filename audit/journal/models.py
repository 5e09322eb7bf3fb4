from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

BigId = BigInteger().with_variant(Integer, "sqlite")


class JournalEntry(Base):
    """One act. Holds values, not references: it outlives what it speaks of.

    Triggers made by the migrations refuse every change and deletion.
    """

    __tablename__ = "journal_entry"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(comment="null: the system itself")
    actor_name: Mapped[str] = mapped_column(String(100))
    verb: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40), comment="what was acted on: facility, finding …")
    subject_id: Mapped[str] = mapped_column(String(60))
    district_code: Mapped[str | None] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_journal_entry_subject", "kind", "subject_id", "seq"),
        Index("ix_journal_entry_at", "at"),
    )


class JournalHead(Base):
    """One row: the chain's last link. Locking it puts writers in a line."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str] = mapped_column(String(64))
