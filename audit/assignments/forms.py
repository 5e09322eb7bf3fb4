from werkzeug.datastructures import MultiDict

from audit.core.errors import NotFound
from audit.notices.rules import Channel
from audit.web.fields import one_line, paragraphs, plain_digits
from audit.web.filters import page_number

from .queries import AssignmentFilter
from .rules import Standing


def parse_filter(args: MultiDict[str, str]) -> AssignmentFilter:
    """`q`, `standing`, `page`. Raises `NotFound` for a standing that does not exist."""
    try:
        return AssignmentFilter(
            text=one_line(args.get("q", "")[:100]),
            standing=Standing(args["standing"]) if args.get("standing") else None,
            page=page_number(args),
        )
    except ValueError as error:
        raise NotFound from error


def told_with(sent: MultiDict[str, str]) -> tuple[str, str]:
    """Whom to call, and what else the office says."""
    return one_line(sent.get("contact", "")), paragraphs(sent.get("note", ""))


def channels(sent: MultiDict[str, str]) -> frozenset[Channel]:
    """`by` (several): how the link is sent to the organisation; nonsense is left out."""
    ticked = sent.getlist("by")
    return frozenset(one for one in Channel if one in ticked)


def signer(sent: MultiDict[str, str]) -> tuple[str, str]:
    """Name and telephone of who signs."""
    return one_line(sent.get("name", "")), plain_digits(one_line(sent.get("phone", "")))
