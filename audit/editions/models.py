from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

from .rules import Act, DecisionState, Ruling


class EditionDecision(Base):
    """An edition proposed to be put in force or retired, and what became of that.

    What the software brought along on the first day is decided by nobody: both names are the
    system's. Never deleted.
    """

    __tablename__ = "edition_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    checklist_id: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64), comment="as it was when proposed")
    act: Mapped[Act]
    state: Mapped[DecisionState]
    starts_on: Mapped[date] = mapped_column(comment="the first day, in Asia/Shanghai")
    why: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID | None]
    proposed_by_name: Mapped[str] = mapped_column(String(60))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]
    settled_by_name: Mapped[str] = mapped_column(String(60), default="")
    settled_why: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (settled_at is null)", name="settled"),
        CheckConstraint(
            "state <> 'decided' or settled_by_id <> proposed_by_id or "
            "(settled_by_id is null and proposed_by_id is null)",
            name="two_people",
        ),
        Index(
            "uq_edition_decision_open",
            "checklist_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_edition_decision_checklist_id", "checklist_id"),
    )

    @property
    def ruling(self) -> Ruling:
        return Ruling(self.act, self.edition, self.starts_on)
