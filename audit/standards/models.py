from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base


class ClauseConfirmation(Base):
    """Somebody here has a clause before them and says that it asks for what our lists say.

    Never changed or deleted: taken back.
    """

    __tablename__ = "clause_confirmation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clause: Mapped[str] = mapped_column(String(200), comment="as cited: GB50763 3.5.3")
    keys: Mapped[list[str]] = mapped_column(JSON, comment="of the limits that were shown")
    page: Mapped[str] = mapped_column(String(40), comment="of the printed standard")
    note: Mapped[str] = mapped_column(String(500), default="")
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID]
    confirmed_by_name: Mapped[str] = mapped_column(String(60))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_name: Mapped[str] = mapped_column(String(60), default="")
    withdrawn_why: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (Index("ix_clause_confirmation_clause", "clause"),)
