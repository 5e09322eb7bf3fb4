"""What a page of figures is asked for."""

from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from audit.core.clock import today
from audit.core.errors import NotFound
from audit.findings.forms import parse_filter as parse_findings
from audit.findings.forms import parse_span
from audit.findings.queries import FindingFilter
from audit.findings.rules import Span, month_before

from .queries import By

FIELDS = ("district", "kind", "severity", "department", "organisation", "programme", "nobody")
USUAL_MONTHS = 12


@dataclass(frozen=True)
class Asked:
    """`chosen`: which findings are looked at, whatever their state."""

    by: By
    span: Span
    chosen: FindingFilter


def parse_asked(args: MultiDict[str, str]) -> Asked:
    """`by`, `from` and `to` (months: 2026-11), and of what narrows the list of findings `FIELDS`.
    Raises `NotFound` for values that do not exist."""
    known = MultiDict([pair for pair in args.items(multi=True) if pair[0] in FIELDS])
    chosen = replace(parse_findings(known), open=False, states=(), page=1)
    try:
        span = parse_span(args) or usual_span()
        return Asked(By(args.get("by") or By.DISTRICT), span, chosen)
    except ValueError as error:
        raise NotFound from error


def this_month() -> date:
    return today().replace(day=1)


def usual_span() -> Span:
    """The last twelve months, this one among them."""
    first = this_month()
    for _ in range(USUAL_MONTHS - 1):
        first = month_before(first)
    return Span(first, this_month())
