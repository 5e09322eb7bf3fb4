from uuid import UUID

from werkzeug.datastructures import FileStorage, MultiDict

from audit.core.errors import NotFound
from audit.facilities.rules import FacilityKind
from audit.web.fields import one_line, paragraphs
from audit.web.filters import page_number

from .queries import FindingFilter
from .rules import SEVERITIES, State


def parse_filter(args: MultiDict[str, str]) -> FindingFilter:
    """The filter in an address; the list, the map and its data all read the same names.

    `q`, `state` (several; `open` for every living one), `severity` (several), `district`,
    `kind`, `organisation`, `facility`, `by` (`person`), `page`. Raises `NotFound` for values that
    do not exist.
    """
    names = [name for name in args.getlist("state") if name]
    try:
        return FindingFilter(
            text=one_line(args.get("q", "")[:100]),
            states=tuple(State(name) for name in names if name != "open"),
            open="open" in names,
            severities=_severities(args.getlist("severity")),
            district=args.get("district", "")[:12],
            kind=FacilityKind(args["kind"]) if args.get("kind") else None,
            organisation=UUID(args["organisation"]) if args.get("organisation") else None,
            facility=UUID(args["facility"]) if args.get("facility") else None,
            by_person=args.get("by") == "person",
            page=page_number(args),
        )
    except ValueError as error:
        raise NotFound from error


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


def pictures(files: MultiDict[str, FileStorage]) -> list[FileStorage]:
    return [one for one in files.getlist("photos") if one.filename]
