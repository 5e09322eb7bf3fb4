from .choices import chosen_by, contacts_of, find_contact, open_channels
from .inbox import (
    PER_PAGE,
    InboxFilter,
    active_among,
    count_unread,
    get_notice,
    list_notices,
    unread_by_topic,
)
from .sending import is_something_due, next_due, of_digest, undelivered

__all__ = [
    "PER_PAGE",
    "InboxFilter",
    "active_among",
    "chosen_by",
    "contacts_of",
    "count_unread",
    "find_contact",
    "get_notice",
    "is_something_due",
    "list_notices",
    "next_due",
    "of_digest",
    "open_channels",
    "undelivered",
    "unread_by_topic",
]
