from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation
from audit.core.db import Base
from audit.journal.models import BigId


class RouteChange(Base):
    """One route chosen; the last one of a scope holds. Never changed, never deleted."""

    __tablename__ = "route_change"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(12), default="", comment="empty: any")
    kind: Mapped[str] = mapped_column(String(24), default="")
    defect: Mapped[str] = mapped_column(String(12), default="")
    department_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisation.id"), comment="null: taken back"
    )
    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisation.id"), comment="who must fix; null: as the register says"
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text)

    department: Mapped[Organisation | None] = relationship(foreign_keys=department_id)
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=organisation_id)

    __table_args__ = (
        Index("ix_route_change_department_id", "department_id"),
        Index("ix_route_change_organisation_id", "organisation_id"),
    )
