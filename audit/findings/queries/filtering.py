"""What a list or a map shows, and whom: the filter and the permission as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import (
    InstrumentedAttribute,
    aliased,
)

from audit.clocks.rules import SOON, Standing
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.facilities.models import Facility
from audit.facilities.queries import has_fact
from audit.facilities.rules import FacilityKind, search_text

from ..models import Finding, FindingAssistant, FindingEvent
from ..rules import (
    OPEN_STATES,
    UNSAFE_STATES,
    Figure,
    Mark,
    Plea,
    Source,
    Span,
    State,
    Verb,
)
from .figures import is_counted

FEW = 500
Value = TypeVar("Value")


@dataclass(frozen=True)
class FindingFilter:
    """What a list or a map shows. Empty fields do not narrow.

    `open`: only living ones; `returned`: given back by an organisation and not dispatched since;
    `doubtful`: with evidence that is still to be looked into; `by_person`: without
    what the scanner re-checks by itself; `programme`: at facilities that carry its tag; `asked`:
    the organisation waits for an answer, to `plea` in particular; `mark`: what stands beside the
    state; `assistant`: who helps; `late`: that and what is worse, or what soon will be; `figure`:
    what it counts, in the months of `span`; `nobody`: `department` or `organisation`, where none
    is.
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
    plea: Plea | None = None
    mark: Mark | None = None
    assistant: UUID | None = None
    late: Standing | None = None
    figure: Figure | None = None
    span: Span | None = None
    nobody: str = ""
    page: int = 1


def unindexed(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The same text, for which no index is looked at: SQLite, which keeps no statistics, would
    else take one that narrows little."""
    return column.op("||")("")


def visible_to(
    actor: Actor,
    what: May = May.SEE_FINDINGS,
    district: ColumnElement[str] = Finding.district_code.expression,
) -> ColumnElement[bool]:
    """Findings that this person may see (or `what`): by district, or as the organisation that must
    fix or helps."""
    mine: ColumnElement[bool] = false()
    # somebody without one would otherwise match all that are not dispatched yet
    if actor.organisation_id is not None:
        mine = concerns(actor.organisation_id)
    if actor.only_own_organisation(what):
        return mine
    codes = actor.districts_for(what)
    return true() if codes is None else or_(district.in_(codes), mine)


def concerns(organisation_id: UUID) -> ColumnElement[bool]:
    """What an organisation must fix, or helps with. Most help with nothing, and an index of the
    findings then answers alone."""
    its = Finding.organisation_id == organisation_id
    helps = select(FindingAssistant.finding_id).where(
        FindingAssistant.organisation_id == organisation_id
    )
    return or_(its, _helped_by(organisation_id)) if db.session.scalar(helps.limit(1)) else its


def _helped_by(organisation_id: UUID) -> ColumnElement[bool]:
    helped = select(FindingAssistant.finding_id)
    return Finding.id.in_(helped.where(FindingAssistant.organisation_id == organisation_id))


def conditions(
    actor: Actor,
    chosen: FindingFilter,
    what: May = May.SEE_FINDINGS,
    district: ColumnElement[str] = Finding.district_code.expression,
    *,
    walk: bool = False,
) -> list[ColumnElement[bool]]:
    """The filter and the permission as SQL; one meaning for list, map and counts. `walk`: so many
    fit that the database is to go through all in their order, not to look up and sort them."""
    parts: list[ColumnElement[bool]] = [visible_to(actor, what, district)]
    states = chosen.states or (tuple(sorted(OPEN_STATES)) if chosen.open else ())
    if states:
        by_time = chosen.late or chosen.figure or chosen.span
        passed_over = by_time or (walk and len(states) > 1)
        state = unindexed(Finding.state) if passed_over else Finding.state
        parts.append(state.in_(states))
    if chosen.severities:
        parts.append(Finding.severity.in_(chosen.severities))
    same: tuple[tuple[ColumnElement[Any] | InstrumentedAttribute[Any], object], ...] = (
        (district, chosen.district),
        (Finding.organisation_id, chosen.organisation),
        (Finding.department_id, chosen.department),
        (Finding.facility_id, chosen.facility),
        (Finding.kind, chosen.kind),
        (Finding.plea, chosen.plea),
    )
    parts += [column == value for column, value in same if value]
    if chosen.programme:
        tagged = has_fact("programmes", chosen.programme)
        parts.append(Finding.facility_id.in_(select(Facility.id).where(tagged)))
    if chosen.late:
        parts.append(_is_late(chosen.late))
    if chosen.text:
        parts.append(_matches(chosen.text))
    return parts + _beside(chosen) + _waiting(actor, chosen)


def _beside(chosen: FindingFilter) -> list[ColumnElement[bool]]:
    parts = []
    if chosen.mark:
        parts.append(has_mark(chosen.mark))
    if chosen.assistant:
        parts.append(_helped_by(chosen.assistant))
    if chosen.figure or chosen.span:
        parts.append(is_counted(chosen.figure or Figure.RECEIVED, chosen.span))
    if chosen.nobody:
        parts.append(getattr(Finding, f"{chosen.nobody}_id").is_(None))
    return parts


def _waiting(actor: Actor, chosen: FindingFilter) -> list[ColumnElement[bool]]:
    """What waits for somebody in particular."""
    flags = (
        (chosen.doubtful, _doubtful(actor)),
        (chosen.returned, _returned()),
        (chosen.by_person, for_a_person()),
        (chosen.asked, Finding.plea.is_not(None)),
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


def has_mark(mark: Mark) -> ColumnElement[bool]:
    """What stands beside the state. A danger counts until it was made safe or fixed."""
    if mark is Mark.ESCALATED:
        return Finding.escalated_at.is_not(None)
    if mark is Mark.REFERRED:
        return Finding.referred_at.is_not(None)
    if mark is Mark.REPLY_DUE:
        return Finding.reply_due_at.is_not(None)
    unsafe = and_(
        Finding.safe_due_at.is_not(None),
        Finding.safe_at.is_(None),
        Finding.state.in_(sorted(UNSAFE_STATES)),
    )
    return unsafe if mark is Mark.UNSAFE else and_(unsafe, Finding.safe_due_at <= now())


def _doubtful(actor: Actor) -> ColumnElement[bool]:
    """Only the coordinator is told of doubts."""
    codes = actor.districts_for(May.CONFIRM)
    return Finding.doubtful & (true() if codes is None else Finding.district_code.in_(codes))


def _returned() -> ColumnElement[bool]:
    """From where a return leads, only a dispatch leads on."""
    given_back = select(FindingEvent.id).where(
        FindingEvent.finding_id == Finding.id,
        FindingEvent.verb.in_((Verb.RETURN, Verb.GRANT_RETURN)),
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
