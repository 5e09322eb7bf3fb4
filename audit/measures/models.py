from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation
from audit.core.db import Base
from audit.facilities.models import Facility

from .rules import FIRST_YEAR, LAST_YEAR, MeasureKind, MeasureState


class Measure(Base):
    """Something to be done at one facility: what, in which year, for how much, by whom."""

    __tablename__ = "measure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    kind: Mapped[MeasureKind]
    what: Mapped[str] = mapped_column(String(300))
    year: Mapped[int] = mapped_column(comment="in which it is planned")
    budget_yuan: Mapped[int | None] = mapped_column(BigInteger, comment="null: not known")
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    substitute: Mapped[str] = mapped_column(
        String(300), default="", comment="what stands in for it until then, or instead"
    )
    state: Mapped[MeasureState] = mapped_column(default=MeasureState.PLANNED)
    done_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_name: Mapped[str] = mapped_column(String(60))

    facility: Mapped[Facility] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        CheckConstraint(f"year between {FIRST_YEAR} and {LAST_YEAR}", name="year"),
        CheckConstraint("budget_yuan >= 0", name="budget"),
        CheckConstraint("(state = 'done') = (done_on is not null)", name="done"),
        Index("ix_measure_facility_id", "facility_id"),
        Index("ix_measure_year_kind", "year", "kind"),
    )
