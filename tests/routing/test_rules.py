"""Of all routes that fit, the nearest holds, in whatever order they were chosen."""

import itertools
import random
from uuid import UUID

from audit.routing.rules import Case, Route, RouteTable, Scope

CASE = Case("512002", "toilet", "general")
SCOPES = [
    Scope(district, kind, defect)
    for district in ("", "512002", "512021")
    for kind in ("", "toilet", "road")
    for defect in ("", "general", "systemic")
]


def route(number: int) -> Route:
    return Route(UUID(int=number))


def test_the_nearest_holds_in_any_order() -> None:
    draw = random.Random(7)
    for _turn in range(200):
        chosen = [(scope, route(at)) for at, scope in enumerate(draw.sample(SCOPES, 9))]
        fits = [
            (scope, held)
            for scope, held in chosen
            if scope.district in ("", "512002")
            and scope.kind in ("", "toilet")
            and scope.defect in ("", "general")
        ]

        # district counts four, kind two, defect one: binary places are the stated order
        def weight(one: tuple[Scope, Route]) -> int:
            scope = one[0]
            return 4 * bool(scope.district) + 2 * bool(scope.kind) + bool(scope.defect)

        wanted = sorted(fits, key=weight, reverse=True)
        for _again in range(3):
            draw.shuffle(chosen)
            assert RouteTable.of(chosen).fitting(CASE) == wanted


def test_a_district_goes_before_a_kind_and_a_kind_before_a_defect() -> None:
    scopes = [Scope("512002"), Scope(kind="toilet", defect="general"), Scope(defect="general")]
    for order in itertools.permutations(scopes):
        table = RouteTable.of((scope, route(1)) for scope in order)
        assert [scope for scope, _route in table.fitting(CASE)] == scopes


def test_the_last_choice_of_a_scope_holds_and_none_takes_it_back() -> None:
    scope = Scope(kind="toilet")
    assert RouteTable.of([(scope, route(1)), (scope, route(2))]).routes == {scope: route(2)}
    gone = RouteTable.of([(scope, route(1)), (scope, None)])
    assert gone.fitting(CASE) == []
    again = RouteTable.of([(scope, route(1)), (scope, None), (scope, route(3))])
    assert again.routes == {scope: route(3)}


def test_an_open_part_of_a_case_fits_only_what_does_not_narrow_there() -> None:
    table = RouteTable.of([(Scope(kind="toilet"), route(1)), (Scope(), route(2))])
    assert [one[1] for one in table.fitting(Case("512002", "", ""))] == [route(2)]
