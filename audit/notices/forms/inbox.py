from werkzeug.datastructures import MultiDict

from audit.core.errors import NotFound
from audit.web.filters import page_number

from ..queries import InboxFilter
from ..rules import Topic


def parse_filter(args: MultiDict[str, str]) -> InboxFilter:
    """Raises `NotFound` for a condition that does not exist."""
    if args.get("unread", "") not in ("", "1"):
        raise NotFound
    return InboxFilter(
        topic=parse_topic(args.get("topic", "")),
        unread=args.get("unread") == "1",
        page=page_number(args),
    )


def parse_topic(text: str) -> Topic | None:
    if not text:
        return None
    try:
        return Topic(text)
    except ValueError:
        raise NotFound from None
