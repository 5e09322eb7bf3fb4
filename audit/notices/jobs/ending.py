from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from audit.core.clock import now
from audit.core.db import transaction
from audit.core.settings import settings
from audit.queue.runs import hourly

from ..actions import ending

Delete = Callable[[datetime], int]
MOST_ROUNDS = 100  # an hour: what is left waits for the next


@hourly
def delete_old() -> int:
    """Messages, what left of them and calls of webhooks, as the settings say; 0 keeps for ever.
    A few hundred in one transaction, so that nobody waits. How many."""
    kept = settings()
    ways: tuple[tuple[int, Delete], ...] = (
        (kept.deliveries_kept_days, ending.delete_deliveries),
        (kept.deliveries_kept_days, ending.delete_calls),
        (kept.notices_read_days, partial(ending.delete_notices, read=True)),
        (kept.notices_unread_days, partial(ending.delete_notices, read=False)),
    )
    return sum(_all(one, now() - timedelta(days=days)) for days, one in ways if days)


def _all(delete: Delete, before: datetime) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        with transaction():
            gone = delete(before)
        total += gone
        if not gone:
            break
    return total
