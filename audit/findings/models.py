from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from audit.accounts.models import Organisation
from audit.clocks.rules import Case, Limit, Stage, Unit
from audit.core.db import Base
from audit.districts.models import District
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.photos.models import Photo
from audit.routing.rules import Case as RouteCase

from .rules import (
    UNSAFE_STATES,
    Ending,
    Facts,
    Life,
    Milestones,
    Note,
    Passage,
    Plea,
    Source,
    State,
    Verb,
)

COUNTED = ("district_code", "severity", "kind", "department_id", "organisation_id")


class Finding(Base):
    """A problem at one facility under one rule. `state` follows from its events."""

    __tablename__ = "finding"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True, comment="ZY-2026-000123")
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    kind: Mapped[FacilityKind] = mapped_column(comment="of the facility, which never changes it")
    district_code: Mapped[str] = mapped_column(ForeignKey("district.code"))
    source: Mapped[Source]
    checklist_id: Mapped[str] = mapped_column(String(64), default="", comment="empty for scans")
    rule_id: Mapped[str] = mapped_column(String(80), comment="item id, or rule of the scanner")
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    severity: Mapped[str] = mapped_column(String(2))
    defect: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(16))
    groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="measured, required, citations in both languages"
    )
    unverified: Mapped[bool] = mapped_column(default=False, comment="条文待核")
    experience: Mapped[bool] = mapped_column(default=False)
    state: Mapped[State]
    lon: Mapped[float | None] = mapped_column(comment="of the facility, WGS-84")
    lat: Mapped[float | None]
    cell: Mapped[int | None] = mapped_column(BigInteger)
    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisation.id"), comment="who must fix it, once dispatched"
    )
    department_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisation.id"), comment="competent, by the route of its confirmation"
    )
    found_by_id: Mapped[UUID | None]
    confirmed_by_id: Mapped[UUID | None]
    fixed_by_id: Mapped[UUID | None]
    kept_by_id: Mapped[UUID | None] = mapped_column(
        comment="organisation that may not ask to return it again"
    )
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    times_found: Mapped[int] = mapped_column(default=1)
    doubtful: Mapped[bool] = mapped_column(
        default=False, comment="evidence that nobody has looked into yet; its events say why"
    )
    last_seq: Mapped[int] = mapped_column(default=0, comment="of its latest event")
    # The clock that runs, as its events say; kept so that lists can ask what is late.
    stage: Mapped[Stage | None]
    clock_since: Mapped[datetime | None]
    limit_amount: Mapped[int | None] = mapped_column(comment="null: no limit")
    limit_unit: Mapped[Unit | None]
    due_at: Mapped[datetime | None] = mapped_column(comment="from this moment on it is late")
    gross_at: Mapped[datetime | None] = mapped_column(comment="from then on grossly late")
    extended_to: Mapped[date | None] = mapped_column(comment="the last day of time granted")
    planned_on: Mapped[date | None] = mapped_column(comment="the last day of planned works")
    plea: Mapped[Plea | None] = mapped_column(comment="asked for, not yet decided")
    asked_until: Mapped[date | None] = mapped_column(comment="of a plea for time")
    safe_due_at: Mapped[datetime | None] = mapped_column(comment="a danger is to be made safe")
    safe_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    referred_at: Mapped[datetime | None] = mapped_column(comment="to the procuratorate")
    advised_on: Mapped[date | None] = mapped_column(comment="its recommendation was received")
    reply_due_at: Mapped[datetime | None] = mapped_column(comment="by law; null: none is due")
    replied_on: Mapped[date | None]
    # What figures are made of, as its events say; see `Milestones`.
    confirmed_at: Mapped[datetime | None]
    first_fixed_at: Mapped[datetime | None]
    fixed_at: Mapped[datetime | None] = mapped_column(comment="of the fix that was not refused")
    fix_since: Mapped[datetime | None]
    fix_due_at: Mapped[datetime | None] = mapped_column(comment="of whoever was named to fix it")
    ending: Mapped[Ending | None]
    reworks: Mapped[int] = mapped_column(default=0, server_default="0")
    extensions: Mapped[int] = mapped_column(default=0, server_default="0")

    facility: Mapped[Facility] = relationship()
    district: Mapped[District] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=organisation_id)
    department: Mapped[Organisation | None] = relationship(foreign_keys=department_id)
    merged_into: Mapped["Finding | None"] = relationship(remote_side=[id])
    events: Mapped[list["FindingEvent"]] = relationship(
        back_populates="finding", order_by="FindingEvent.seq"
    )
    merged_into_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("finding.id"), comment="where the same problem is seen to"
    )
    assistants: Mapped[list["FindingAssistant"]] = relationship(
        cascade="all, delete-orphan", order_by="FindingAssistant.organisation_id"
    )

    __table_args__ = (
        Index(
            "uq_finding_one_open",
            "facility_id",
            "rule_id",
            unique=True,
            sqlite_where=text("state not in ('closed', 'merged', 'rejected', 'withdrawn')"),
            postgresql_where=text("state not in ('closed', 'merged', 'rejected', 'withdrawn')"),
        ),
        # whole, as those of figures: who has how much to do, and how much of it is late
        Index("ix_finding_district_code_state", "district_code", "state", "due_at", "gross_at"),
        Index("ix_finding_organisation_id", "organisation_id", "state", "due_at"),
        Index("ix_finding_department_id", "department_id", "state", "due_at"),
        Index("ix_finding_state", "state", "severity", "opened_at"),
        Index(
            "ix_finding_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id is not null"),
            postgresql_where=text("merged_into_id is not null"),
        ),
        # whole: a figure is counted in the index alone
        Index("ix_finding_opened_at", "opened_at", *COUNTED, "confirmed_at"),
        Index("ix_finding_fix_due_at", "fix_due_at", *COUNTED, "ending", "extensions", "state"),
        Index("ix_finding_first_fixed_at", "first_fixed_at", *COUNTED, "reworks"),
        Index("ix_finding_due_at", "due_at", "district_code"),
        Index("ix_finding_severity_opened_at", "severity", "opened_at"),
        Index(
            "ix_finding_doubtful",
            "district_code",
            sqlite_where=text("doubtful = 1"),
            postgresql_where=text("doubtful"),
        ),
        Index(
            "ix_finding_asked",
            "district_code",
            sqlite_where=text("plea is not null"),
            postgresql_where=text("plea is not null"),
        ),
        Index(
            "ix_finding_escalated_at",
            "escalated_at",
            sqlite_where=text("escalated_at is not null"),
            postgresql_where=text("escalated_at is not null"),
        ),
        Index(
            "ix_finding_referred_at",
            "referred_at",
            sqlite_where=text("referred_at is not null"),
            postgresql_where=text("referred_at is not null"),
        ),
        Index(
            "ix_finding_safe_due_at",
            "safe_due_at",
            sqlite_where=text("safe_due_at is not null and safe_at is null"),
            postgresql_where=text("safe_due_at is not null and safe_at is null"),
        ),
        # with what else a view of the map asks: most of what a word finds is then not looked at
        Index("ix_finding_facility_id", "facility_id", "state", "cell"),
        Index("ix_finding_title_zh", "title_zh", "state", "cell"),
        Index("ix_finding_title_en", "title_en", "state", "cell"),
        # whole: a view of the map is counted in the index alone
        Index(
            "ix_finding_cell",
            "cell",
            "state",
            "severity",
            "district_code",
            "kind",
            "organisation_id",
            "lon",
            "lat",
        ),
    )

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_zh

    @property
    def is_handed_over(self) -> bool:
        """Whether the scanner has left the re-check to a person."""
        return bool(self.events) and self.events[-1].verb is Verb.HAND_OVER

    @property
    def assistant_ids(self) -> frozenset[UUID]:
        return frozenset(one.organisation_id for one in self.assistants)

    @property
    def is_unsafe(self) -> bool:
        """A danger that nobody has made safe or fixed yet."""
        waits = self.safe_due_at is not None and self.safe_at is None
        return waits and self.state in UNSAFE_STATES

    def decisive_facts(self) -> Facts:
        return Facts(
            self.state, self.district_code, self.organisation_id, self.found_by_id,
            self.fixed_by_id, self.doubtful, self.plea, self.confirmed_by_id, self.department_id,
            self.kept_by_id, self.times_found, self.is_unsafe, self.escalated_at is not None,
            self.referred_at is not None, self.reply_due_at is not None, self.assistant_ids,
        )  # fmt: skip

    def life(self) -> Life:
        """As it is kept."""
        return Life(**{name: getattr(self, name) for name in Life.__dataclass_fields__})

    def case(self) -> Case:
        """What its limits depend on."""
        return Case(self.severity, self.defect, self.outcome, self.district_code, self.rule_id)

    def route_case(self) -> RouteCase:
        """What its competent department depends on."""
        return RouteCase(self.district_code, self.kind, self.defect)

    def milestones(self) -> Milestones:
        return Milestones(
            self.confirmed_at, self.first_fixed_at, self.fixed_at, self.fix_since,
            self.fix_due_at, self.ending, self.reworks, self.extensions,
        )  # fmt: skip

    def pass_milestones(self, now: Milestones) -> None:
        for name, value in vars(now).items():
            setattr(self, name, value)

    @property
    def limit(self) -> Limit | None:
        """Of the clock that runs."""
        return None if self.limit_unit is None else Limit(self.limit_amount, self.limit_unit)


class FindingEvent(Base):
    """One step of a finding's life: who, when, why. Never changed."""

    __tablename__ = "finding_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    verb: Mapped[Verb]
    from_state: Mapped[State | None]
    to_state: Mapped[State]
    why: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    finding: Mapped[Finding] = relationship(back_populates="events")
    photos: Mapped[list["FindingPhoto"]] = relationship(order_by="FindingPhoto.photo_id")

    __table_args__ = (UniqueConstraint("finding_id", "seq"),)

    def passage(self) -> Passage:
        clock, due = self.detail.get("clock"), self.detail.get("ended_due")
        until = self.detail.get("until")
        return Passage(
            self.verb, self.to_state, self.at,
            turned="clock" in self.detail,
            clock=(Stage(clock["stage"]), Limit(clock["amount"], Unit(clock["unit"])))
            if clock else None,
            ended_due=datetime.fromisoformat(due) if due else None,
            until=date.fromisoformat(until) if until else None,
        )  # fmt: skip

    def told(self) -> Note:
        return Note(self.verb, self.at, self.to_state, self.actor_id, self.detail)


class FindingAssistant(Base):
    """A department or organisation that helps with a finding, beside the one that must fix it."""

    __tablename__ = "finding_assistant"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (Index("ix_finding_assistant_organisation_id", "organisation_id"),)


class FindingPhoto(Base):
    """A picture that belongs to one step."""

    __tablename__ = "finding_photo"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("finding_event.id"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    photo: Mapped[Photo] = relationship()

    __table_args__ = (Index("ix_finding_photo_photo_id", "photo_id"),)


class MapCell(Base):
    """How many findings lie in one cell of one zoom, by district, kind of facility and state, for
    each severity.

    Kept right in the transaction that changes a finding.
    """

    __tablename__ = "map_cell"

    zoom: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cell: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    district_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[FacilityKind] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(primary_key=True)
    n1: Mapped[int] = mapped_column(default=0)
    n2: Mapped[int] = mapped_column(default=0)
    n3: Mapped[int] = mapped_column(default=0)
    n4: Mapped[int] = mapped_column(default=0)
    east: Mapped[int] = mapped_column(BigInteger, comment="sum of longitudes, millionths")
    north: Mapped[int] = mapped_column(BigInteger, comment="sum of latitudes, millionths")
