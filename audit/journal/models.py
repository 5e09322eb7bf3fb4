from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, JSON, BigInteger, Index, Integer, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

BigId = BigInteger().with_variant(Integer, "sqlite")


class JournalEntry(Base):
    """One act. Holds values, not references: it outlives what it speaks of."""

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


REFUSE_SQLITE = """
CREATE TRIGGER journal_entry_no_{verb} BEFORE {verb} ON journal_entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
REFUSE_POSTGRES = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_refuse();
"""

for _verb in ("UPDATE", "DELETE"):
    event.listen(
        JournalEntry.__table__,
        "after_create",
        DDL(REFUSE_SQLITE.format(verb=_verb)).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
    )
event.listen(
    JournalEntry.__table__,
    "after_create",
    DDL(REFUSE_POSTGRES).execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]
)
