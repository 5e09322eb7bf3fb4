from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base
from audit.journal.models import BigId

from .rules import Value


class PolicyChange(Base):
    """One setting chosen anew; the last one of a name holds. Never changed, never deleted."""

    __tablename__ = "policy_change"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[Value | None] = mapped_column(
        JSON(none_as_null=True), comment="null: the shipped default again"
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_policy_change_name_seq", "name", "seq"),)
