"""Pages of messages: the inbox and where they go."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.pages.city import City

Where = Callable[["City"], str]
NOTICE_PAGES: dict[str, tuple[str, str, Where]] = {
    "messages": ("coordinator", "notices.index", lambda _: "/messages/"),
    "messages of a topic, none": (
        "planner",
        "notices.index",
        lambda _: "/messages/?topic=outcome",
    ),
    "where messages go": ("coordinator", "channels.show", lambda _: "/messages/channels"),
    "webhooks": ("administrator", "webhooks.index", lambda _: "/webhooks/"),
    "a new webhook": ("administrator", "webhooks.new", lambda _: "/webhooks/new"),
    "a webhook": ("administrator", "webhooks.show", lambda city: f"/webhooks/{city.webhook}"),
    "what did not arrive": ("administrator", "deliveries.index", lambda _: "/deliveries/"),
    "an address to confirm": (
        "coordinator",
        "channels.confirm",
        lambda city: f"/messages/confirm/{city.question}",
    ),
}
