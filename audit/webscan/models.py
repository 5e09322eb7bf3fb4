from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.core.db import Base
from audit.core.text import Text as Words
from audit.facilities.models import Facility

from .rules.failures import ScanFailure
from .rules.outcomes import Outcome
from .rules.remarks import remarks
from .rules.results import Impact, Kind


class ScanState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


GONE = (404, 410)
UNDER_WAY = (ScanState.QUEUED, ScanState.RUNNING)


class Scan(Base):
    """One visit of our browser to a website. Its pages are saved one by one, as they are done."""

    __tablename__ = "scan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    url: Mapped[str] = mapped_column(String(500))
    state: Mapped[ScanState]
    pages_wanted: Mapped[int]
    requested_by_id: Mapped[UUID | None]
    requested_by_name: Mapped[str] = mapped_column(String(60))
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    engine: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="engine, browser, viewport: a newer engine is no worse site"
    )
    failure: Mapped[ScanFailure | None]
    suspects: Mapped[dict[str, list[str]]] = mapped_column(
        JSON,
        default=dict,
        server_default="{}",
        comment="rule: pages that showed its fault when last judged",
    )
    error: Mapped[str] = mapped_column(Text, default="")
    pictures_gone_at: Mapped[datetime | None] = mapped_column(comment="its pictures were removed")

    facility: Mapped[Facility] = relationship()
    pages: Mapped[list["ScanPage"]] = relationship(order_by="ScanPage.position")

    __table_args__ = (Index("ix_scan_facility_id", "facility_id", "requested_at"),)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def trouble(self) -> ScanFailure | Outcome | None:
        """Why a failed scan failed; where nothing was seen, what became of the start page."""
        if self.failure is ScanFailure.NOTHING_SEEN and self.pages:
            return self.pages[0].outcome
        return self.failure

    @property
    def seen(self) -> list["ScanPage"]:
        """The pages that there are results of."""
        return [page for page in self.pages if page.outcome.is_scanned]


class ScanPage(Base):
    """What became of one page; `outcome` is never empty, so a pass is never silent."""

    __tablename__ = "scan_page"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scan_id: Mapped[UUID] = mapped_column(ForeignKey("scan.id"))
    position: Mapped[int]
    url: Mapped[str] = mapped_column(Text)
    final_url: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[Outcome]
    status: Mapped[int] = mapped_column(default=0, comment="HTTP; 0: none")
    cause: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="links, frames, rules passed and left out, refusals"
    )
    seconds: Mapped[float]
    scanned_at: Mapped[datetime]

    results: Mapped[list["ScanResult"]] = relationship(order_by="ScanResult.rule")

    @property
    def is_gone(self) -> bool:
        """Whether the site says that there is no such page any more."""
        return self.outcome is Outcome.MERGED or self.status in GONE

    @property
    def remarks(self) -> list[Words]:
        """What the results of this page leave out."""
        found = self.facts
        return list(
            remarks(found["frames_missed"], found["left_out"], found["refused"]) if found else ()
        )

    __table_args__ = (UniqueConstraint("scan_id", "url"),)


class ScanResult(Base):
    """One rule on one page."""

    __tablename__ = "scan_result"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    page_id: Mapped[UUID] = mapped_column(ForeignKey("scan_page.id"))
    rule: Mapped[str] = mapped_column(String(80))
    kind: Mapped[Kind]
    impact: Mapped[Impact]
    tags: Mapped[list[str]] = mapped_column(JSON)
    messages: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, comment="what axe-core says of the elements, {zh, en}, each once"
    )
    elements: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, comment="target, frame_url, snippet, message (its place), picture (SHA-256) of each"
    )
    element_count: Mapped[int]

    page: Mapped[ScanPage] = relationship(back_populates="results")

    __table_args__ = (UniqueConstraint("page_id", "rule", "kind"),)

    def message_of(self, element: dict[str, Any]) -> Words:
        """`en` is empty in scans of old, which kept the Chinese alone."""
        return Words(**self.messages[element["message"]])
