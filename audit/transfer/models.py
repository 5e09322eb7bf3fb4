from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

from .rules.states import ImportState, RowState


class FacilityImport(Base):
    """A file of facilities, from the moment it was read."""

    __tablename__ = "facility_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), comment="of the file")
    state: Mapped[ImportState]
    columns: Mapped[list[str]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="rules.columns.Plan")
    offers: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="what the last trial noticed: swap, datum"
    )
    error: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="why the worker gave up, until it begins anew"
    )
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    created_by_name: Mapped[str] = mapped_column(String(60))

    __table_args__ = (Index("ix_facility_import_created_by_id", "created_by_id", "created_at"),)


class ImportRow(Base):
    """One row of the file as text, and what became of it."""

    __tablename__ = "facility_import_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("facility_import.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, comment="as a spreadsheet counts")
    cells: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[RowState]
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON, comment="what would be added")
    take: Mapped[bool] = mapped_column(default=False, comment="a twin to be added all the same")
    twin_id: Mapped[UUID | None] = mapped_column(ForeignKey("facility.id"))
    twin_line: Mapped[int | None] = mapped_column(comment="higher up in the same file")
    facility_id: Mapped[UUID | None] = mapped_column(comment="given at the trial; added under it")
    error: Mapped[str] = mapped_column(Text, default="", comment="why adding or undoing failed")

    __table_args__ = (Index("ix_facility_import_row_import_id", "import_id", "state", "line"),)
