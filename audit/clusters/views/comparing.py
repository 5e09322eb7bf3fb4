"""Findings that may be one problem, as they stand beside each other on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import OPEN_STATES
from audit.geo.near import bearing_deg
from audit.geo.points import Point, distance_m
from audit.photos.models import Photo

from ..forms import Chosen
from ..models import Cluster, ClusterVerdict
from ..queries import verdicts
from ..rules import MERGEABLE

WAYS = (
    lazy_gettext("北"), lazy_gettext("东北"), lazy_gettext("东"), lazy_gettext("东南"),
    lazy_gettext("南"), lazy_gettext("西南"), lazy_gettext("西"), lazy_gettext("西北"),
)  # fmt: skip


def way_to(here: Finding, there: Finding) -> str:
    """How far, and in which direction, in words."""
    if None in (here.lon, here.lat, there.lon, there.lat):
        return ""
    a, b = (Point(one.lon or 0, one.lat or 0) for one in (here, there))
    metres = round(distance_m(a, b))
    if metres < 1:
        return str(_("与 %(number)s 登记在同一个位置", number=here.number))
    way = WAYS[round(bearing_deg(a, b) / 45) % 8]
    return str(
        _("在 %(number)s 的%(way)s边，约 %(metres)s 米", number=here.number, way=way, metres=metres)
    )


@dataclass(frozen=True)
class Side:
    """One of them. `place`: seen from the first."""

    finding: Finding
    place: str

    @property
    def opening(self) -> FindingEvent | None:
        return self.finding.events[0] if self.finding.events else None

    @property
    def photo(self) -> Photo | None:
        """The first that was taken of it."""
        return next((link.photo for one in self.finding.events for link in one.photos), None)

    @property
    def is_mergeable(self) -> bool:
        return self.finding.state in MERGEABLE


@dataclass(frozen=True)
class Comparison:
    """`chosen`, `problems`: of a form that came back."""

    cluster: Cluster
    chosen: Chosen | None = None
    problems: dict[str, str] | None = None

    @cached_property
    def findings(self) -> list[Finding]:
        """Those that live: what is under way already first, then the oldest, as one would choose
        the main one."""
        living = [one.finding for one in self.cluster.members if one.finding.state in OPEN_STATES]
        return sorted(living, key=lambda one: (one.state in MERGEABLE, one.opened_at, one.number))

    @property
    def sides(self) -> list[Side]:
        first = self.findings[0]
        return [Side(one, "" if one is first else way_to(first, one)) for one in self.findings]

    @cached_property
    def said(self) -> Sequence[ClusterVerdict]:
        """What people said of two of them."""
        ids = {one.id for one in self.findings}
        known = verdicts(ids)
        return [one for pair, one in known.items() if ids.issuperset(pair)]

    def number_of(self, finding_id: object) -> str:
        return next(one.number for one in self.findings if one.id == finding_id)

    @property
    def main(self) -> str:
        return self.chosen.main if self.chosen else self.findings[0].number

    @property
    def ticked(self) -> tuple[str, ...]:
        if self.chosen:
            return self.chosen.ticked
        return tuple(one.number for one in self.findings[1:] if one.state in MERGEABLE)
