from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import User
from audit.core.db import Base

from .rules import LONGEST_NAME, LONGEST_QUERY, Subject


class SavedView(Base):
    """What narrows a list, under a name. It holds no row: whoever opens it sees what they may."""

    __tablename__ = "saved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    subject: Mapped[Subject]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY), comment="of the list's address")
    shared: Mapped[bool] = mapped_column(default=False)
    everywhere: Mapped[bool] = mapped_column(default=False, comment="shared with the whole city")
    created_at: Mapped[datetime]

    owner: Mapped[User] = relationship()

    __table_args__ = (
        UniqueConstraint("owner_id", "subject", "name"),
        Index("ix_saved_view_shared", "shared"),
    )


class SavedViewDistrict(Base):
    """One of the districts with whose people a view is shared: those of its owner at the time."""

    __tablename__ = "saved_view_district"

    view_id: Mapped[UUID] = mapped_column(
        ForeignKey("saved_view.id", ondelete="CASCADE"), primary_key=True
    )
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"), primary_key=True)
