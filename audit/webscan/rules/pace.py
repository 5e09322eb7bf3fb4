"""How fast a site may be asked, and when to stop asking."""

from dataclasses import dataclass

MAX_DELAY_S = 30.0
GIVE_UP_AFTER = 20
_SLOW_DOWN = (403, 429, 503)


@dataclass
class Pace:
    """The pause before the next request to a site, in seconds.

    It doubles when the site pushes back, shrinks again when it answers, and is never shorter
    than what was asked for.
    """

    least_s: float
    delay_s: float = 0.0
    refusals: int = 0

    def __post_init__(self) -> None:
        self.delay_s = max(self.delay_s, self.least_s)

    def after(self, status: int, *, answered: bool) -> None:
        """Take note of an answer: its HTTP status (0 for none), and whether there was one."""
        if answered and status not in _SLOW_DOWN:
            self.refusals = 0
            self.delay_s = max(self.least_s, self.delay_s / 2)
            return
        self.refusals += 1
        self.delay_s = min(MAX_DELAY_S, max(self.delay_s * 2, 1.0))

    @property
    def is_over(self) -> bool:
        """Whether so many requests in a row failed that the site is to be left alone."""
        return self.refusals >= GIVE_UP_AFTER
