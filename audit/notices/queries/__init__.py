from .choices import chosen_by, contacts_of, find_contact, open_channels
from .hooks import (
    active_webhooks,
    administrators,
    get_hook_delivery,
    get_webhook,
    is_hook_due,
    list_webhooks,
    log_of,
    next_hook_due,
)
from .inbox import (
    PER_PAGE,
    InboxFilter,
    active_among,
    count_unread,
    get_notice,
    list_notices,
    unread_by_topic,
)
from .sending import is_something_due, letters_about, next_due, of_digest, undelivered

__all__ = [
    "PER_PAGE",
    "InboxFilter",
    "active_among",
    "active_webhooks",
    "administrators",
    "chosen_by",
    "contacts_of",
    "count_unread",
    "find_contact",
    "get_hook_delivery",
    "get_notice",
    "get_webhook",
    "is_hook_due",
    "is_something_due",
    "letters_about",
    "list_notices",
    "list_webhooks",
    "log_of",
    "next_due",
    "next_hook_due",
    "of_digest",
    "open_channels",
    "undelivered",
    "unread_by_topic",
]
