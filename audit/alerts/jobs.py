from audit.core.db import transaction
from audit.queue.runs import minutely

from . import actions


@minutely
def tell_people() -> None:
    """Of all that was saved since the last time, in order."""
    more = True
    while more:
        with transaction():
            more = actions.catch_up()
