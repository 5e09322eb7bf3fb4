from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .judging import Change


@dataclass(frozen=True)
class Sums:
    """How many answers come out how: in all, by item, by district. Items of which nothing comes
    out otherwise are left out."""

    total: Counter[Change] = field(default_factory=Counter)
    items: dict[str, Counter[Change]] = field(default_factory=dict)
    districts: dict[str, Counter[Change]] = field(default_factory=dict)

    @property
    def judged(self) -> int:
        """What is only missing was not judged."""
        return self.total.total() - self.total[Change.UNMEASURED]


def sums_of(counts: Iterable[tuple[str, str, Change, int]]) -> Sums:
    """From (item, district, change, count); items and districts in the order given."""
    sums = Sums()
    for item, district, change, count in counts:
        if count:
            sums.total[change] += count
            sums.items.setdefault(item, Counter())[change] += count
            sums.districts.setdefault(district, Counter())[change] += count
    moved = {one: found for one, found in sums.items.items() if set(found) - {Change.STAYS}}
    return Sums(sums.total, moved, dict(sorted(sums.districts.items())))
