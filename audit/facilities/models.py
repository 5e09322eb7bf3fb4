import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation
from audit.checklists.rules import FacilityFacts
from audit.core.db import Base
from audit.districts.models import District
from audit.geo.geojson import shape_of
from audit.geo.points import Point
from audit.geo.polygons import metres_to
from audit.geo.shapes import Shape

from .rules import FacilityKind, Review, UrlRule, kinds_with, span_text


def _listed(ids: list[str]) -> str:
    return ", ".join(f"'{one}'" for one in ids)


class Facility(Base):
    """A place, a website or an event that is audited. Never deleted: retired."""

    __tablename__ = "facility"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True, comment="ZY-WC-000012")
    kind: Mapped[FacilityKind]
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    district_code: Mapped[str] = mapped_column(
        ForeignKey("district.code"), comment="county or zone that answers for it"
    )
    town_code: Mapped[str | None] = mapped_column(ForeignKey("district.code"))
    lon: Mapped[float | None] = mapped_column(comment="WGS-84")
    lat: Mapped[float | None] = mapped_column(comment="WGS-84")
    cell: Mapped[int | None] = mapped_column(BigInteger, comment="z-order at zoom 21")
    shape: Mapped[str | None] = mapped_column(Text, comment="GeoJSON geometry of a line or area")
    url: Mapped[str | None] = mapped_column(String(500))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    built_on: Mapped[date | None] = mapped_column(comment="null: not known")
    altered_on: Mapped[date | None] = mapped_column(comment="last alteration; null: none known")
    # the last day where only the year or the month is known, of which the day above is the first
    built_by: Mapped[date | None]
    altered_by: Mapped[date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    review: Mapped[Review] = mapped_column(default=Review.ACCEPTED)
    active: Mapped[bool] = mapped_column(default=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("facility.id"), comment="the same place under another number"
    )
    split_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("facility.id"), comment="the place of which it was a part until then"
    )
    seen_day: Mapped[int | None] = mapped_column(
        comment="day of the last full visit, counted as date.toordinal() does"
    )
    search: Mapped[str] = mapped_column(String(500), comment="normalised name, address, number")
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    created_by_name: Mapped[str] = mapped_column(String(60))

    district: Mapped[District] = relationship(foreign_keys=district_code)
    town: Mapped[District | None] = relationship(foreign_keys=town_code)
    organisation: Mapped[Organisation | None] = relationship()
    merged_into: Mapped["Facility | None"] = relationship(
        remote_side=[id], foreign_keys=[merged_into_id]
    )
    split_from: Mapped["Facility | None"] = relationship(
        remote_side=[id], foreign_keys=[split_from_id]
    )

    __table_args__ = (
        CheckConstraint(
            f"(kind in ({_listed(kinds_with(place=False))})) = (lon is null)", name="place_by_kind"
        ),
        CheckConstraint(
            f"url is not null or kind not in ({_listed(kinds_with(url=UrlRule.REQUIRED))})",
            name="url_where_needed",
        ),
        CheckConstraint(
            f"url is null or kind not in ({_listed(kinds_with(url=UrlRule.NONE))})",
            name="url_where_allowed",
        ),
        CheckConstraint("(lon is null) = (lat is null)", name="whole_place"),
        CheckConstraint("built_by > built_on", name="built_span"),
        CheckConstraint("altered_by > altered_on", name="altered_span"),
        Index("ix_facility_kind_district_code", "kind", "district_code"),
        Index("ix_facility_district_code", "district_code"),
        # whole: a view of the map is counted in the index alone
        Index(
            "ix_facility_cell",
            "cell",
            "kind",
            "district_code",
            "organisation_id",
            "active",
            "review",
            "lon",
            "lat",
        ),
        Index("ix_facility_organisation_id", "organisation_id"),
        Index("ix_facility_split_from_id", "split_from_id"),
        Index("ix_facility_kind_seen_day", "kind", "seen_day"),
    )

    @property
    def built(self) -> str:
        """As exactly as it is known: 2022, 2022-03, 2022-03-05 or nothing."""
        return span_text(self.built_on, self.built_by)

    @property
    def altered(self) -> str:
        return span_text(self.altered_on, self.altered_by)

    @property
    def seen_on(self) -> date | None:
        """Of the last full visit."""
        return None if self.seen_day is None else date.fromordinal(self.seen_day)

    def metres_from(self, here: Point) -> float:
        """From somewhere to its point or, where that is nearer, to its line or area. Raises
        ValueError for a website."""
        if self.lon is None or self.lat is None:
            raise ValueError("a website has no place")
        shapes: list[Shape] = [Point(self.lon, self.lat)]
        if self.shape:
            shapes.append(shape_of(json.loads(self.shape)))
        return min(metres_to(here, shape) for shape in shapes)

    def judged_facts(self) -> FacilityFacts:
        known = {**self.facts, "kind": FacilityKind(self.kind).value}
        return FacilityFacts(self.built_on, self.altered_on, known, self.built_by, self.altered_by)
