from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from audit.accounts.models import RoleGrant, User
from audit.clocks.rules import SOON
from audit.core.actors import Role
from audit.core.clock import now
from audit.core.db import db
from audit.districts.queries import covered_codes
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import Verb
from audit.journal.models import JournalEntry

from .models import Reminder
from .rules import ASKED_FOR, LAST_DAY, Kind, Who

BATCH = 2000  # entries of the journal in one transaction
SOME = 500  # parameters in one statement
TOLD_ROLES = (Role.COORDINATOR, Role.DEPARTMENT, Role.ORGANISATION)


def entries_after(seq: int) -> Sequence[JournalEntry]:
    """The next ones, in order. None can appear later with a smaller number: whoever writes one
    holds the head of the chain until all is saved."""
    return db.session.scalars(
        select(JournalEntry).where(JournalEntry.seq > seq).order_by(JournalEntry.seq).limit(BATCH)
    ).all()


def findings_by_id(ids: Collection[UUID]) -> dict[UUID, Finding]:
    wanted = sorted(ids)
    found: dict[UUID, Finding] = {}
    for at in range(0, len(wanted), SOME):
        rows = db.session.scalars(select(Finding).where(Finding.id.in_(wanted[at : at + SOME])))
        found |= {row.id: row for row in rows}
    return found


def to_be_reminded(kind: Kind) -> Sequence[Finding]:
    """Some whose clock stands there and was not told of yet, by number."""
    until = Finding.asked_until if kind is Kind.ASKED else Finding.extended_to
    told = exists().where(
        Reminder.finding_id == Finding.id,
        Reminder.kind == kind,
        Reminder.clock_since == Finding.clock_since,
        Reminder.until.is_not_distinct_from(until),
    )
    return db.session.scalars(
        select(Finding)
        .where(Finding.clock_since.is_not(None), _stands(kind), ~told)
        .order_by(Finding.number)
        .limit(SOME)
    ).all()


def _stands(kind: Kind) -> ColumnElement[bool]:
    moment = now()
    if kind is Kind.ASKED:
        return and_(Finding.asked_until.is_not(None), _asked_long_ago())
    if kind is Kind.GROSS:
        return Finding.gross_at <= moment
    if kind is Kind.LATE:
        living = or_(Finding.gross_at.is_(None), Finding.gross_at > moment)
        return and_(Finding.due_at <= moment, living)
    if kind is Kind.TODAY:
        return and_(Finding.due_at > moment, Finding.due_at <= moment + LAST_DAY)
    return and_(Finding.due_at > moment + LAST_DAY, Finding.due_at <= moment + SOON)


def _asked_long_ago() -> ColumnElement[bool]:
    """By the latest request."""
    other = aliased(FindingEvent)
    latest = (
        select(func.max(other.seq))
        .where(other.finding_id == Finding.id, other.verb == Verb.ASK_TIME)
        .scalar_subquery()
    )
    return exists().where(
        FindingEvent.finding_id == Finding.id,
        FindingEvent.seq == latest,
        FindingEvent.at <= now() - ASKED_FOR,
    )


@dataclass(frozen=True)
class Post:
    """One role of one person. `covered`: the districts in which it holds; None: all."""

    user_id: UUID
    role: Role
    covered: frozenset[str] | None
    organisation_id: UUID | None

    def holds_in(self, district: str) -> bool:
        return self.covered is None or district in self.covered


class Directory:
    """Who is to be told, by role, district and organisation; read once for many findings."""

    def __init__(self) -> None:
        self._spread: dict[str, frozenset[str]] = {}
        rows = db.session.execute(
            select(User.id, RoleGrant.role, RoleGrant.district_code, User.organisation_id)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(User.active, RoleGrant.role.in_(TOLD_ROLES))
            .order_by(User.id)
        )
        self._posts = [
            Post(user, role, self._below(code), organisation)
            for user, role, code, organisation in rows
        ]

    def people(self, who: Iterable[Who], finding: Finding, organisation: UUID | None) -> list[UUID]:
        """`organisation`: the one that must fix it, or had to until this step."""
        return [user for one in who for user in self._people(one, finding, organisation)]

    def _people(self, who: Who, finding: Finding, organisation: UUID | None) -> list[UUID]:
        if who is Who.FINDER:
            return [finding.found_by_id] if finding.found_by_id is not None else []
        if who is Who.COORDINATORS:
            return self._in(Role.COORDINATOR, finding.district_code)
        if who is Who.DEPARTMENT:
            return self._department(finding)
        return [
            one.user_id
            for one in self._posts
            if one.role is Role.ORGANISATION
            and organisation
            and one.organisation_id == organisation
        ]

    def _department(self, finding: Finding) -> list[UUID]:
        """Those of the competent one; where it has nobody here, every department of the district;
        where there is none, the coordinators: somebody must know."""
        here = self._posts_in(Role.DEPARTMENT, finding.district_code)
        own = [one.user_id for one in here if one.organisation_id == finding.department_id]
        return (
            (own if finding.department_id is not None else [])
            or [one.user_id for one in here]
            or self._in(Role.COORDINATOR, finding.district_code)
        )

    def _in(self, role: Role, district: str) -> list[UUID]:
        return [one.user_id for one in self._posts_in(role, district)]

    def _posts_in(self, role: Role, district: str) -> list[Post]:
        return [one for one in self._posts if one.role is role and one.holds_in(district)]

    def _below(self, code: str | None) -> frozenset[str] | None:
        if code is None:
            return None
        if code not in self._spread:
            self._spread[code] = covered_codes(code)
        return self._spread[code]
