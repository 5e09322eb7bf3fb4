"""Which findings may be one problem, found twice under different facilities.

Complete linkage: in a cluster everyone is near everyone, so that a row of kerb ramps, each near the
next, does not become one problem. What can never be one problem is never linked, however near.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from audit.findings.rules import Verb, step_for
from audit.geo.near import pairs_within
from audit.geo.points import Point

REACH_M = 25.0
MERGEABLE = step_for(Verb.MERGE).frm  # the others are under way

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Spot:
    """A living finding as the search for duplicates sees it.

    `kind`: what is wrong with what; `visits`: inspections that found it; `side`, `storey`: of the
    street and of the building, "" where nobody knows; `reach_m`: how far from it the same problem
    may stand on the register.
    """

    id: UUID
    place: Point
    kind: str
    facility: UUID
    visits: frozenset[UUID] = frozenset()
    side: str = ""
    storey: str = ""
    reach_m: float = REACH_M


@dataclass(frozen=True, slots=True)
class Near:
    """Another finding that may be the same."""

    id: UUID
    metres: float


def pair(one: UUID, other: UUID) -> Pair:
    """The two in the order in which a judgement of them is kept."""
    return (one, other) if one < other else (other, one)


def may_be_same(one: Spot, other: Spot, apart: Collection[Pair] = ()) -> bool:
    """`apart`: pairs of which a person has said that they are not the same. One facility has at
    most one living finding of a rule, so two of one facility are two."""
    return (
        one.kind == other.kind
        and one.facility != other.facility
        and not one.visits & other.visits
        and not _differ(one.side, other.side)
        and not _differ(one.storey, other.storey)
        and pair(one.id, other.id) not in apart
    )


def _differ(one: str, other: str) -> bool:
    """What nobody knows speaks against nothing."""
    return bool(one and other) and one != other


def clusters(spots: Iterable[Spot], apart: Collection[Pair] = ()) -> list[tuple[UUID, ...]]:
    """Two or more each, by id; no finding in two of them. The same spots give the same clusters in
    whatever order they come."""
    by_kind: defaultdict[str, list[Spot]] = defaultdict(list)
    for spot in sorted(spots, key=lambda one: one.id):
        by_kind[spot.kind].append(spot)
    found = [
        tuple(alike[place].id for place in sorted(members))
        for alike in by_kind.values()
        for members in _linked(sorted(_links(alike, apart)))
    ]
    return sorted(found)


def nearest(spot: Spot, others: Iterable[Spot], apart: Collection[Pair] = ()) -> list[Near]:
    """Those that may be the same as this one, the nearest first."""
    them = [one for one in others if may_be_same(spot, one, apart)]
    links = ((metres, b) for metres, a, b in _links([spot, *them], apart) if a == 0)
    return [Near(them[number - 1].id, metres) for metres, number in sorted(links)]


def _links(spots: list[Spot], apart: Collection[Pair]) -> Iterator[tuple[float, int, int]]:
    reach = max((one.reach_m for one in spots), default=0)
    for a, b, metres in pairs_within([one.place for one in spots], reach):
        one, other = spots[a], spots[b]
        if metres <= max(one.reach_m, other.reach_m) and may_be_same(one, other, apart):
            yield metres, a, b


def _linked(links: list[tuple[float, int, int]]) -> Iterator[list[int]]:
    """Complete linkage over the links there are, the shortest first. Two clusters become one at
    the last of the links between them, when each member of one is linked with each of the other;
    a link that may not be is never counted, so they stay two."""
    home: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    between: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for _metres, a, b in links:
        one, other = home.setdefault(a, a), home.setdefault(b, b)
        members.setdefault(one, [one]), members.setdefault(other, [other])
        count = between[one].get(other, 0) + 1
        if count < len(members[one]) * len(members[other]):
            between[one][other] = between[other][one] = count
            continue
        _join(one, other, members, between)
        home.update(dict.fromkeys(members[one], one))
    yield from (group for group in members.values() if len(group) > 1)


def _join(
    one: int, other: int, members: dict[int, list[int]], between: dict[int, dict[int, int]]
) -> None:
    """The second becomes part of the first, with all its links."""
    members[one] += members.pop(other)
    between[one].pop(other, None)
    for third, count in between.pop(other, {}).items():
        if third != one:
            del between[third][other]
            total = between[one].get(third, 0) + count
            between[one][third] = between[third][one] = total
