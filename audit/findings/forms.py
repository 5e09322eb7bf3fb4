from datetime import date
from uuid import UUID

from werkzeug.datastructures import MultiDict

from audit.checklists.rules import FACTS
from audit.clocks.rules import Standing
from audit.core.errors import NotFound
from audit.facilities.rules import FacilityKind
from audit.web.fields import one_line, paragraphs, plain_digits
from audit.web.filters import page_number

from .queries import FindingFilter
from .rules import SEVERITIES, Figure, Mark, Plea, Span, State, month_of

OPEN, ALL = "open", "all"
MOST_YEARS = 5


def parse_filter(args: MultiDict[str, str]) -> FindingFilter:
    """The filter in an address; the list, the map and its data all read the same names.

    `q`, `state` (several; `open` for every living one, `all` for every one at all), `severity`
    (several), `district`, `kind`, `organisation`, `department`, `facility`, `by` (`person`),
    `returned`, `doubtful`, `programme` (a tag of the facility), `asked`, `plea` (what is asked
    for), `mark` (what stands beside the state), `assistant`, `late` (`soon`, `late`, `gross`),
    `figure` with `from`, `to` (months: 2026-11), `nobody` (`department`, `organisation`), `page`.
    Without a state the living ones are meant, of doubtful ones and of a figure all. Raises
    `NotFound` for values that do not exist.
    """
    names = [name for name in args.getlist("state") if name]
    doubtful = args.get("doubtful") == "1"
    try:
        return FindingFilter(
            text=one_line(args.get("q", "")[:100]),
            states=tuple(State(name) for name in names if name not in (OPEN, ALL)),
            open=OPEN in names or not (names or doubtful or args.get("figure")),
            returned=args.get("returned") == "1",
            doubtful=doubtful,
            asked=args.get("asked") == "1",
            plea=Plea(args["plea"]) if args.get("plea") else None,
            mark=Mark(args["mark"]) if args.get("mark") else None,
            assistant=_id(args, "assistant"),
            late=Standing(args["late"]) if args.get("late") else None,
            severities=_severities(args.getlist("severity")),
            district=args.get("district", "")[:12],
            kind=FacilityKind(args["kind"]) if args.get("kind") else None,
            organisation=_id(args, "organisation"),
            department=_id(args, "department"),
            facility=_id(args, "facility"),
            by_person=args.get("by") == "person",
            programme=_programme(args.get("programme", "")),
            figure=Figure(args["figure"]) if args.get("figure") else None,
            span=parse_span(args),
            nobody=_nobody(args.get("nobody", "")),
            page=page_number(args),
        )
    except ValueError as error:
        raise NotFound from error


def _id(args: MultiDict[str, str], name: str) -> UUID | None:
    return UUID(args[name]) if args.get(name) else None


def parse_span(args: MultiDict[str, str]) -> Span | None:
    """One month alone is the whole span. Raises ValueError for what are no months, or no span of
    them, or one of more than five years."""
    texts = args.get("from", ""), args.get("to", "")
    if not any(texts):
        return None
    first, last = (month_of(one or other) for one, other in (texts, texts[::-1]))
    if last < first or last.year - first.year > MOST_YEARS:
        raise ValueError("no span")
    return Span(first, last)


def _nobody(name: str) -> str:
    if name not in ("", "department", "organisation"):
        raise ValueError(name)
    return name


def _programme(name: str) -> str:
    if name and name not in FACTS["programmes"].values:
        raise ValueError(name)
    return name


def _severities(names: list[str]) -> tuple[str, ...]:
    chosen = tuple(name for name in names if name)
    if not set(chosen) <= SEVERITIES.keys():
        raise NotFound
    return chosen


def why(sent: MultiDict[str, str]) -> str:
    return paragraphs(sent.get("why", ""))


def organisation_id(sent: MultiDict[str, str]) -> UUID | None:
    try:
        return UUID(sent.get("organisation", ""))
    except ValueError:
        return None


def last_day(sent: MultiDict[str, str]) -> date | None:
    """As a date control sends it, or typed: 2026-12-31; None for anything else."""
    try:
        return date.fromisoformat(plain_digits(sent.get("until", "")))
    except ValueError:
        return None
