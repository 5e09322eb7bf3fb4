from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy import case as when
from sqlalchemy.orm import (
    InstrumentedAttribute,
    aliased,
    contains_eager,
    joinedload,
    selectinload,
)

from audit.accounts.models import Organisation
from audit.clocks.rules import SOON, Standing
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.facilities.queries import has_fact
from audit.facilities.rules import FacilityKind, search_text
from audit.photos.models import Photo

from .models import Finding, FindingEvent, FindingPhoto
from .rules import OPEN_STATES, STAYS, Source, State, Verb

PER_PAGE = 30
FEW = 500
Value = TypeVar("Value")
Load = tuple[UUID | None, str | None, State, int, int]


@dataclass(frozen=True)
class FindingFilter:
    """What a list or a map shows. Empty fields do not narrow.

    `open`: only living ones; `returned`: given back by an organisation and not dispatched since;
    `doubtful`: with evidence that is still to be looked into; `by_person`: without
    what the scanner re-checks by itself; `programme`: at facilities that carry its tag; `asked`:
    more time is asked for; `late`: that and what is worse, or what soon will be.
    """

    text: str = ""
    states: tuple[State, ...] = ()
    open: bool = False
    returned: bool = False
    doubtful: bool = False
    severities: tuple[str, ...] = ()
    district: str = ""
    kind: FacilityKind | None = None
    organisation: UUID | None = None
    department: UUID | None = None
    facility: UUID | None = None
    by_person: bool = False
    programme: str = ""
    asked: bool = False
    late: Standing | None = None
    page: int = 1


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Findings that this person may see: by district, or as the organisation that must fix."""
    if actor.only_own_organisation(May.SEE_FINDINGS):
        # somebody without one would otherwise match all that are not dispatched yet
        mine = Finding.organisation_id == actor.organisation_id
        return mine if actor.organisation_id is not None else false()
    codes = actor.districts_for(May.SEE_FINDINGS)
    by_district = true() if codes is None else Finding.district_code.in_(codes)
    if actor.organisation_id is None or codes is None:
        return by_district
    return or_(by_district, Finding.organisation_id == actor.organisation_id)


def conditions(actor: Actor, chosen: FindingFilter) -> list[ColumnElement[bool]]:
    """The filter and the permission as SQL; one meaning for list, map and counts."""
    parts: list[ColumnElement[bool]] = [visible_to(actor)]
    states = chosen.states or (tuple(sorted(OPEN_STATES)) if chosen.open else ())
    if states:
        parts.append(Finding.state.in_(states))
    if chosen.severities:
        parts.append(Finding.severity.in_(chosen.severities))
    same: tuple[tuple[InstrumentedAttribute[Any], object], ...] = (
        (Finding.district_code, chosen.district),
        (Finding.organisation_id, chosen.organisation),
        (Finding.department_id, chosen.department),
        (Finding.facility_id, chosen.facility),
        (Finding.kind, chosen.kind),
    )
    parts += [column == value for column, value in same if value]
    if chosen.programme:
        tagged = has_fact("programmes", chosen.programme)
        parts.append(Finding.facility_id.in_(select(Facility.id).where(tagged)))
    if chosen.late:
        parts.append(_is_late(chosen.late))
    if chosen.text:
        parts.append(_matches(chosen.text))
    return parts + _waiting(actor, chosen)


def _waiting(actor: Actor, chosen: FindingFilter) -> list[ColumnElement[bool]]:
    """What waits for somebody in particular."""
    flags = (
        (chosen.doubtful, _doubtful(actor)),
        (chosen.returned, _returned()),
        (chosen.by_person, for_a_person()),
        (chosen.asked, Finding.asked_until.is_not(None)),
    )
    return [condition for is_on, condition in flags if is_on]


def for_a_person() -> ColumnElement[bool]:
    """What a person must re-check: not what the scanner does by itself, unless it has handed it
    over."""
    handed_over = exists().where(
        FindingEvent.finding_id == Finding.id,
        FindingEvent.seq == Finding.last_seq,
        FindingEvent.verb == Verb.HAND_OVER,
    )
    return or_(Finding.source != Source.SCAN, handed_over)


def _is_late(standing: Standing) -> ColumnElement[bool]:
    moment = now()
    if standing is Standing.GROSS:
        return Finding.gross_at <= moment
    if standing is Standing.LATE:
        return Finding.due_at <= moment
    if standing is Standing.SOON:
        return and_(Finding.due_at > moment, Finding.due_at <= moment + SOON)
    return Finding.due_at.is_(None) if standing is Standing.UNLIMITED else Finding.due_at > moment


def _doubtful(actor: Actor) -> ColumnElement[bool]:
    """Only the coordinator is told of doubts."""
    codes = actor.districts_for(May.CONFIRM)
    return Finding.doubtful & (true() if codes is None else Finding.district_code.in_(codes))


def _returned() -> ColumnElement[bool]:
    """From where a return leads, only a dispatch leads on."""
    given_back = select(FindingEvent.id).where(
        FindingEvent.finding_id == Finding.id, FindingEvent.verb == Verb.RETURN
    )
    return and_(Finding.state == State.CONFIRMED, given_back.exists())


def _matches(text: str) -> ColumnElement[bool]:
    """By facility, by title or by number. Each part can be answered from an index: there are many
    findings, but few titles and not so many facilities."""
    wanted = search_text(text)
    parts: list[tuple[InstrumentedAttribute[Any], Select[Any]]] = [
        (
            Finding.facility_id,
            select(Facility.id).where(Facility.search.contains(wanted, autoescape=True)),
        ),
        (Finding.title_zh, _titles_with(wanted, "title_zh")),
        (Finding.title_en, _titles_with(wanted, "title_en")),
    ]
    if any(sign.isdigit() for sign in wanted):
        other = aliased(Finding)
        number = other.number.contains(wanted.upper(), autoescape=True)
        parts.append((Finding.number, select(other.number).where(number)))
    found = [(column, _few_now(query)) for column, query in parts]
    return or_(false(), *(column.in_(values) for column, values in found if values != []))


def _few_now(query: Select[Value]) -> Sequence[Value] | Select[Value]:
    """What the query finds, once for all statements that ask for it; where it finds much, the
    query itself."""
    found = db.session.scalars(query.limit(FEW + 1)).all()
    return found if len(found) <= FEW else query


def _titles_with(wanted: str, name: str) -> Select[str]:
    """Steps through the index from one title to the next: the cost grows with the number of
    different titles, not of findings."""
    every = select(func.min(getattr(Finding, name)).label("title")).cte(recursive=True)
    later = getattr(aliased(Finding), name)
    following = select(func.min(later)).where(later > every.c.title).scalar_subquery()
    every = every.union_all(select(following).where(every.c.title.is_not(None)))
    return select(every.c.title).where(func.lower(every.c.title).contains(wanted, autoescape=True))


def list_findings(actor: Actor, chosen: FindingFilter) -> tuple[Sequence[Finding], int]:
    """One page, the gravest and then the newest first, and how many there are in all."""
    where = and_(*conditions(actor, chosen))
    total = count_findings(actor, chosen)
    rows = db.session.scalars(
        _with_place(select(Finding).where(where))
        .order_by(Finding.severity, Finding.opened_at.desc(), Finding.id)
        .limit(PER_PAGE)
        .offset((max(chosen.page, 1) - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_findings(actor: Actor, chosen: FindingFilter) -> int:
    where = and_(*conditions(actor, chosen))
    return db.session.scalar(select(func.count()).select_from(Finding).where(where)) or 0


def numbers_of(actor: Actor, chosen: FindingFilter, most: int) -> Sequence[str]:
    """The first numbers of a list, in its order."""
    return db.session.scalars(
        select(Finding.number)
        .where(*conditions(actor, chosen))
        .order_by(Finding.severity, Finding.opened_at.desc(), Finding.id)
        .limit(most)
    ).all()


def findings_named(
    numbers: Collection[str], actor: Actor, *, lock: bool = False
) -> Sequence[Finding]:
    """Those of them that this person may see, by id. `lock`: nobody else changes them until the
    transaction ends; who locks in one order never waits in a circle."""
    query = _with_place(select(Finding).where(Finding.number.in_(numbers), visible_to(actor)))
    query = query.order_by(Finding.id)
    return db.session.scalars(query.with_for_update(of=Finding) if lock else query).all()


def open_at(facility_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Of the living findings at these facilities: the place and the rule."""
    rows = db.session.execute(
        select(Finding.facility_id, Finding.rule_id).where(
            Finding.facility_id.in_(facility_ids), Finding.state.in_(sorted(OPEN_STATES))
        )
    )
    return {(facility, rule) for facility, rule in rows}


def _with_place(query: Select[Finding]) -> Select[Finding]:
    return query.join(Finding.facility).options(
        contains_eager(Finding.facility),
        joinedload(Finding.organisation),
        joinedload(Finding.department),
    )


def get_finding(number: str, actor: Actor) -> Finding:
    """With its facility, events and their photos. Raises `NotFound` also across districts."""
    found = db.session.scalar(
        select(Finding)
        .where(Finding.number == number, visible_to(actor))
        .options(
            joinedload(Finding.facility),
            joinedload(Finding.organisation),
            joinedload(Finding.department),
            selectinload(Finding.events)
            .selectinload(FindingEvent.photos)
            .joinedload(FindingPhoto.photo),
        )
    )
    if found is None:
        raise NotFound
    return found


def findings_at(facility_id: UUID) -> Sequence[Finding]:
    """All of a place, the closed ones too, the oldest first."""
    query = select(Finding).where(Finding.facility_id == facility_id)
    return db.session.scalars(query.order_by(Finding.number)).all()


def find_open_of(facility_id: UUID, rule_ids: Sequence[str]) -> dict[str, Finding]:
    """The open finding of each of these rules at a facility, where there is one."""
    rows = db.session.scalars(
        select(Finding)
        .where(
            Finding.facility_id == facility_id,
            Finding.rule_id.in_(rule_ids),
            Finding.state.in_(sorted(OPEN_STATES)),
        )
        .order_by(Finding.rule_id)
    )
    return {row.rule_id: row for row in rows}


def open_findings_of(facility_id: UUID) -> Sequence[Finding]:
    return db.session.scalars(
        select(Finding)
        .where(Finding.facility_id == facility_id, Finding.state.in_(sorted(OPEN_STATES)))
        .order_by(Finding.severity, Finding.opened_at)
    ).all()


TURNS = (Verb.RETURN, Verb.FAIL_RECHECK, Verb.NEAR_RECHECK, Verb.REFUSE, Verb.REOPEN,
         Verb.RECONSIDER)  # fmt: skip


def turns_of(findings: Collection[Finding]) -> dict[UUID, FindingEvent]:
    """Of those findings that came back to where they are: the step that brought them there."""
    rows = db.session.scalars(
        select(FindingEvent)
        .where(
            FindingEvent.finding_id.in_([one.id for one in findings]),
            FindingEvent.verb.not_in(STAYS),
        )
        .order_by(FindingEvent.finding_id, FindingEvent.seq)
    )
    last = {row.finding_id: row for row in rows}
    return {finding: event for finding, event in last.items() if event.verb in TURNS}


def count_by_state(actor: Actor) -> dict[State, int]:
    rows = db.session.execute(
        select(Finding.state, func.count())
        .where(visible_to(actor))
        .group_by(Finding.state)
        .order_by(Finding.state)
    )
    return {State(state): count for state, count in rows}


def count_late(actor: Actor) -> int:
    moment = now()
    late = select(func.count()).where(visible_to(actor), Finding.due_at <= moment)
    return db.session.scalar(late) or 0


def open_by(actor: Actor, whose: InstrumentedAttribute[Organisation | None]) -> list[Load]:
    """Living findings by who has to do with them (`Finding.department`, `Finding.organisation`;
    None: nobody yet) and by state: how many, and how many of them are late."""
    late = func.sum(when((Finding.due_at <= now(), 1), else_=0))
    rows = db.session.execute(
        select(Organisation.id, Organisation.name, Finding.state, func.count(), late)
        .select_from(Finding)
        .outerjoin(whose)
        .where(visible_to(actor), Finding.state.in_(sorted(OPEN_STATES)))
        .group_by(Organisation.id, Organisation.name, Finding.state)
        .order_by(Organisation.name, Finding.state)
    )
    return [tuple(row) for row in rows]


def count_open_by_severity(actor: Actor) -> dict[str, int]:
    """How many living findings of each severity; grades without any are left out."""
    rows = db.session.execute(
        select(Finding.severity, func.count())
        .where(visible_to(actor), Finding.state.in_(sorted(OPEN_STATES)))
        .group_by(Finding.severity)
        .order_by(Finding.severity)
    )
    return dict(rows.all())


def count_open_at(facility_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Living findings of each of these facilities by severity; places without any are left out.

    The caller has made sure that the facilities may be seen.
    """
    rows = db.session.execute(
        select(Finding.facility_id, Finding.severity, func.count())
        .where(Finding.facility_id.in_(facility_ids), Finding.state.in_(sorted(OPEN_STATES)))
        .group_by(Finding.facility_id, Finding.severity)
        .order_by(Finding.facility_id, Finding.severity)
    )
    found: dict[UUID, dict[str, int]] = {}
    for facility_id, severity, count in rows:
        found.setdefault(facility_id, {})[severity] = count
    return found


def earlier_uses(photo_ids: Collection[UUID]) -> dict[UUID, str]:
    """Findings, with their numbers, to one of whose steps a picture with the same bytes as one of
    these belongs. Of pictures that belong to no step yet, these are earlier uses."""
    if not photo_ids:
        return {}
    same = select(Photo.sha256).where(Photo.id.in_(photo_ids))
    rows = db.session.execute(
        select(Finding.id, Finding.number)
        .join(FindingEvent, FindingEvent.finding_id == Finding.id)
        .join(FindingPhoto, FindingPhoto.event_id == FindingEvent.id)
        .join(Photo, Photo.id == FindingPhoto.photo_id)
        .where(Photo.sha256.in_(same))
        .distinct()
    )
    return dict(rows.all())


def may_see_photo(photo_id: UUID, actor: Actor) -> bool:
    """Whether a photo belongs to a finding that this person may see."""
    hit = (
        select(FindingPhoto.photo_id)
        .join(FindingEvent, FindingEvent.id == FindingPhoto.event_id)
        .join(Finding, Finding.id == FindingEvent.finding_id)
        .where(FindingPhoto.photo_id == photo_id, visible_to(actor))
        .limit(1)
    )
    return db.session.scalar(hit) is not None
