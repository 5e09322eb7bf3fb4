from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base
from audit.core.language import current_language

from .rules import Level


class District(Base):
    __tablename__ = "district"

    code: Mapped[str] = mapped_column(String(12), primary_key=True, comment="GB/T 2260 or Z…")
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    level: Mapped[Level]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("district.code"))
    boundary: Mapped[str | None] = mapped_column(Text, comment="GeoJSON geometry, WGS-84 lon,lat")
    sample: Mapped[bool] = mapped_column(default=False, comment="a made-up outline for the demo")

    __table_args__ = (
        CheckConstraint("level in ('city', 'county', 'zone', 'town')", name="level"),
        Index("ix_district_parent_code", "parent_code"),
    )

    @property
    def title(self) -> str:
        """The name in the language of the page."""
        return (current_language() == "en" and self.name_en) or self.name
