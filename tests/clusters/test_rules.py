import random
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest

from audit.clusters.rules import Spot, clusters, nearest, pair
from audit.geo.near import bearing_deg, pairs_within
from audit.geo.points import Point, distance_m, moved

HERE = Point(104.6502, 30.1222)


def spot(number: int, east_m: float = 0, north_m: float = 0, **known: Any) -> Spot:
    place = moved(HERE, east_m=east_m, north_m=north_m)
    return Spot(
        UUID(int=number), place, **{"kind": "ramp", "facility": UUID(int=900 + number)} | known
    )


def found(*spots: Spot, apart: frozenset[tuple[UUID, UUID]] = frozenset()) -> list[list[int]]:
    return [[one.int for one in group] for group in clusters(spots, apart)]


def test_two_near_each_other_are_suspected() -> None:
    assert found(spot(1), spot(2, east_m=24), spot(3, east_m=300)) == [[1, 2]]


def test_farther_than_the_limit_they_are_not() -> None:
    assert found(spot(1), spot(2, north_m=25.5)) == []


def test_metres_are_meant_and_not_degrees() -> None:
    """At this latitude a degree of longitude is a seventh shorter than one of latitude."""
    assert found(spot(1), spot(2, east_m=24.9)) == [[1, 2]]
    assert found(spot(1), spot(2, east_m=25.2)) == []


def test_a_row_of_ramps_does_not_become_one_problem() -> None:
    row = [spot(number, east_m=20 * number) for number in range(1, 7)]
    assert found(*row) == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"visits": frozenset({UUID(int=1), UUID(int=2)})}, {"visits": frozenset({UUID(int=2)})}),
        ({"kind": "ramp"}, {"kind": "paving"}),
        ({"side": "east"}, {"side": "west"}),
        ({"storey": "f1"}, {"storey": "f2"}),
        ({"facility": UUID(int=7)}, {"facility": UUID(int=7)}),
    ],
)
def test_what_can_never_be_one_problem_is_never_linked(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert found(spot(1, **one), spot(2, **other)) == []


def test_what_nobody_knows_speaks_against_nothing() -> None:
    assert found(spot(1, side="east", storey="f1"), spot(2)) == [[1, 2]]


def test_what_a_person_has_told_apart_stays_apart_and_keeps_the_rest_apart() -> None:
    """The third is near both, and goes to the nearer one only."""
    three = spot(1), spot(2, east_m=10), spot(3, east_m=4)
    assert found(*three) == [[1, 2, 3]]
    told = frozenset({pair(UUID(int=2), UUID(int=1))})
    assert found(*three, apart=told) == [[1, 3]]


def test_a_report_of_the_public_reaches_farther() -> None:
    report = spot(1, reach_m=250)
    assert found(report, spot(2, east_m=240)) == [[1, 2]]
    assert found(report, spot(2, east_m=260)) == []


def test_the_nearest_comes_first_at_entry() -> None:
    others = [spot(2, east_m=20), spot(3, east_m=5), spot(4, east_m=40), spot(5, kind="paving")]
    near = nearest(spot(1), others, {pair(UUID(int=1), UUID(int=9))})
    assert [(one.id.int, round(one.metres)) for one in near] == [(3, 5), (2, 20)]


def test_the_order_of_the_findings_changes_nothing() -> None:
    dice = random.Random(4)
    spots = [_somewhere(number, dice) for number in range(200)]
    first = clusters(spots)
    dice.shuffle(spots)
    assert first and clusters(spots) == first


def test_it_gives_what_complete_linkage_says() -> None:
    """Against the slow way: always the two clusters whose farthest members are nearest."""
    for seed in range(12):
        dice = random.Random(seed)
        spots = [_somewhere(number, dice) for number in range(40)]
        assert clusters(spots) == _slowly(spots)


def _somewhere(number: int, dice: random.Random) -> Spot:
    visits = frozenset({UUID(int=dice.randrange(30))})
    return spot(number, dice.uniform(0, 150), dice.uniform(0, 150), visits=visits)


def _slowly(spots: list[Spot]) -> list[tuple[UUID, ...]]:
    groups = [[one] for one in spots]
    while True:
        best = min(combinations(groups, 2), key=lambda two: _farthest(*two))
        if _farthest(*best) > 25:
            return sorted(tuple(sorted(s.id for s in one)) for one in groups if len(one) > 1)
        groups = [one for one in groups if one not in best] + [best[0] + best[1]]


def _farthest(one: list[Spot], other: list[Spot]) -> float:
    pairs = [(a, b) for a in one for b in other]
    if any(a.visits & b.visits for a, b in pairs):
        return float("inf")
    return max(distance_m(a.place, b.place) for a, b in pairs)


def test_the_tree_finds_every_near_pair_of_a_whole_country() -> None:
    dice = random.Random(2)
    towns = [Point(109.5, 18.2), Point(104.65, 30.12), Point(122.3, 53.4)]
    places = [
        moved(dice.choice(towns), east_m=dice.uniform(0, 400), north_m=dice.uniform(0, 400))
        for _ in range(240)
    ]
    slow = {
        (a, b)
        for a, b in combinations(range(len(places)), 2)
        if distance_m(places[a], places[b]) <= 25
    }
    assert slow and {(a, b) for a, b, _metres in pairs_within(places, 25)} == slow


@pytest.mark.parametrize(("east", "north", "degrees"), [(0, 9, 0), (9, 0, 90), (-9, -9, 225)])
def test_where_one_place_lies_from_another(east: int, north: int, degrees: int) -> None:
    assert bearing_deg(HERE, moved(HERE, east_m=east, north_m=north)) == pytest.approx(
        degrees, abs=0.1
    )
