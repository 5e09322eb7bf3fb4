from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from audit.core.db import Base

from .rules import Kind, PlaceSource, Size, fitted


class Photo(Base):
    """A picture kept as evidence. Its id is made by the phone, so it arrives twice, exists once.

    Which inspection or finding it shows is said in their tables. Its own place and time are
    private evidence, never on a map.
    """

    __tablename__ = "photo"

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="UUIDv7, made by the sender")
    sha256: Mapped[str] = mapped_column(String(64), comment="of the bytes received")
    byte_size: Mapped[int]
    kind: Mapped[Kind] = mapped_column(String(8))
    width: Mapped[int] = mapped_column(comment="pixels, upright")
    height: Mapped[int] = mapped_column(comment="pixels, upright")
    taken_at: Mapped[datetime | None]
    lon: Mapped[float | None] = mapped_column(comment="WGS-84")
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    place_source: Mapped[PlaceSource | None] = mapped_column(String(8))
    uploaded_by_id: Mapped[UUID | None] = mapped_column(comment="null: system or the public")
    uploaded_by_name: Mapped[str] = mapped_column(String(100))
    uploaded_at: Mapped[datetime]
    district_code: Mapped[str | None] = mapped_column(String(12))
    original_gone_at: Mapped[datetime | None] = mapped_column(
        comment="when the sealed original was destroyed"
    )

    shown_sha256: Mapped[str | None] = mapped_column(
        String(64), comment="names the derivatives where parts are covered; null: sha256 does"
    )

    shown_hashes: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True),
        comment="SHA-256 of each derivative, the largest first; null: made before they were noted",
    )

    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("byte_size > 0 AND width > 0 AND height > 0", name="size"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="place_whole"),
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="place"),
        Index("ix_photo_sha256", "sha256"),
        Index("ix_photo_shown_sha256", "shown_sha256"),
        Index("ix_photo_uploaded_by_id_uploaded_at", "uploaded_by_id", "uploaded_at"),
    )

    @property
    def shown(self) -> str:
        """Under what its derivatives lie."""
        return self.shown_sha256 or self.sha256

    def size_at(self, size: Size) -> tuple[int, int]:
        """Width and height of a derivative, for the page to keep its place."""
        return fitted(self.width, self.height, size)


class PhotoCover(Base):
    """Parts of a picture that were covered, or uncovered, at one time; the latest one holds."""

    __tablename__ = "photo_cover"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"))
    boxes: Mapped[list[list[int]]] = mapped_column(
        JSON, comment="left, top, width, height in thousandths; empty: uncovered"
    )
    why: Mapped[str] = mapped_column(String(500))
    covered_at: Mapped[datetime]
    covered_by_id: Mapped[UUID | None]
    covered_by_name: Mapped[str] = mapped_column(String(100))

    __table_args__ = (Index("ix_photo_cover_photo_id", "photo_id", "covered_at"),)
