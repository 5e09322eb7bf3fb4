from datetime import timedelta

from audit.core.clock import now
from audit.core.db import transaction
from audit.core.settings import settings
from audit.queue.runs import hourly

from . import actions

PAGE = 500


@hourly
def forget_signers() -> int:
    """Some at a time; of how many notices."""
    days = settings().signers_kept_days
    if not days:
        return 0
    with transaction():
        return actions.forget_signers(now() - timedelta(days=days), PAGE)
