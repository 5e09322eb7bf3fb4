"""The query of a saved view, read as its own list reads it."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from audit.core.actors import Actor
from audit.core.errors import NotFound
from audit.facilities.forms import parse_filter as parse_facilities
from audit.facilities.queries import count_facilities
from audit.findings.forms import parse_filter as parse_findings
from audit.findings.queries import count_findings
from audit.inspections.queries import count_inspections
from audit.maps.forms import Show, parse_page, parse_show
from audit.maps.queries import first_facilities, first_findings
from audit.web.fields import one_line

from .models import SavedView
from .rules import LISTS, LONGEST_QUERY, Pairs, Subject, kept_pairs

Args = MultiDict[str, str]


def parse_subject(sent: Args, actor: Actor) -> Subject:
    """Raises `NotFound` for a list that is none, or not this person's to see."""
    name = sent.get("subject", "")
    if name not in set(Subject) or not actor.may(LISTS[Subject(name)].may):
        raise NotFound
    return Subject(name)


def parse_query(sent: Args, subject: Subject) -> str:
    """Only what the list knows, once. Raises `NotFound` where it would refuse it."""
    pairs = kept_pairs(subject, parse_qsl(sent.get("query", "")[: 3 * LONGEST_QUERY]))
    READS[subject](MultiDict(pairs))
    return urlencode(pairs)


def parse_name(sent: Args) -> str:
    return one_line(sent.get("name", ""))


def pairs_of(view: SavedView) -> Pairs:
    return parse_qsl(view.query)


def count_of(view: SavedView, actor: Actor) -> int | None:
    """How much whoever asks would find now; None where the list no longer knows a condition."""
    args: Args = MultiDict(pairs_of(view))
    try:
        return COUNTS[view.subject](actor, args)
    except NotFound:
        return None


def _on_map(actor: Actor, args: Args) -> int:
    if parse_show(args) is Show.FACILITIES:
        return first_facilities(actor, parse_facilities(args), 0)[1]
    return first_findings(actor, parse_findings(args), 0)[1]


READS: Mapping[Subject, Callable[[Args], object]] = {
    Subject.FINDINGS: parse_findings,
    Subject.FACILITIES: parse_facilities,
    Subject.INSPECTIONS: lambda args: args,
    Subject.MAP: parse_page,
}
COUNTS: Mapping[Subject, Callable[[Actor, Args], int]] = {
    Subject.FINDINGS: lambda actor, args: count_findings(actor, parse_findings(args)),
    Subject.FACILITIES: lambda actor, args: count_facilities(actor, parse_facilities(args)),
    Subject.INSPECTIONS: lambda actor, args: count_inspections(actor, mine="mine" in args),
    Subject.MAP: _on_map,
}
