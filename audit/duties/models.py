from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation
from audit.core.db import Base
from audit.facilities.models import Facility

from .rules import Duty


class FacilityDuty(Base):
    """One organisation in one role towards one facility. Who must fix is another matter: that is
    the facility's responsible organisation, to which findings are sent."""

    __tablename__ = "facility_duty"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    duty: Mapped[Duty]
    note: Mapped[str] = mapped_column(String(200), default="", comment="contract, share, term")
    created_at: Mapped[datetime]

    facility: Mapped[Facility] = relationship()
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("facility_id", "organisation_id", "duty"),
        Index("ix_facility_duty_organisation_id", "organisation_id"),
    )
