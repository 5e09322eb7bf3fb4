"""Lengths, areas and places that stand for a shape."""

import pytest

from audit.geo.points import Box, Point, distance_m, moved
from audit.geo.polygons import as_shapely, fault_of, representative_point
from audit.geo.shapes import (
    Area,
    Line,
    Polygon,
    area_m2,
    box_of,
    length_m,
    midpoint,
    nearest_on_line,
)

CORNER = Point(104.6, 30.1)


def _at(east_m: float, north_m: float) -> Point:
    return moved(CORNER, east_m=east_m, north_m=north_m)


def _ring(*places: tuple[float, float]) -> tuple[Point, ...]:
    points = tuple(_at(east, north) for east, north in places)
    return (*points, points[0])


SQUARE = _ring((0, 0), (100, 0), (100, 100), (0, 100))
HOLE = _ring((40, 40), (60, 40), (60, 60), (40, 60))


def test_length_adds_the_parts_and_skips_the_gaps() -> None:
    line = Line(((_at(0, 0), _at(30, 0)), (_at(500, 0), _at(500, 40))))
    assert length_m(line) == pytest.approx(70, rel=1e-3)


def test_area_is_in_square_metres_with_holes_taken_out() -> None:
    assert area_m2(Area((Polygon(SQUARE, (HOLE,)),))) == pytest.approx(9_600, rel=1e-3)


def test_winding_does_not_change_the_area() -> None:
    turned = tuple(reversed(SQUARE))
    assert area_m2(Area((Polygon(turned),))) == pytest.approx(area_m2(Area((Polygon(SQUARE),))))


def test_the_box_of_a_shape_holds_it_tightly() -> None:
    box = box_of(Area((Polygon(SQUARE),)))
    assert box == Box(CORNER.lon, CORNER.lat, _at(100, 0).lon, _at(0, 100).lat)


def test_the_middle_of_a_line_is_half_way_along_it() -> None:
    bent = Line(((_at(0, 0), _at(60, 0), _at(60, 40)),))
    assert distance_m(midpoint(bent), _at(50, 0)) < 0.1


def test_the_middle_is_on_the_longest_part() -> None:
    line = Line(((_at(0, 0), _at(10, 0)), (_at(100, 0), _at(200, 0))))
    assert distance_m(midpoint(line), _at(150, 0)) < 0.1


def test_a_place_beside_a_line_is_carried_straight_onto_it() -> None:
    line = Line(((_at(0, 0), _at(100, 0)),))
    place, metres = nearest_on_line(_at(30, 7), line)
    assert distance_m(place, _at(30, 0)) < 0.05
    assert metres == pytest.approx(7, abs=0.05)


def test_a_place_beyond_the_end_of_a_line_goes_to_its_end() -> None:
    place, metres = nearest_on_line(_at(130, 40), Line(((_at(0, 0), _at(100, 0)),)))
    assert distance_m(place, _at(100, 0)) < 0.01
    assert metres == pytest.approx(50, rel=1e-3)


def test_a_representative_point_lies_inside_even_of_a_horseshoe() -> None:
    horseshoe = Area(
        (
            Polygon(
                _ring(
                    (0, 0), (100, 0), (100, 100), (80, 100), (80, 20), (20, 20), (20, 100), (0, 100)
                )
            ),
        )
    )
    inside = representative_point(horseshoe)
    centroid = as_shapely(horseshoe).centroid
    from shapely import Point as ShapelyPoint

    assert not as_shapely(horseshoe).contains(centroid)
    assert as_shapely(horseshoe).contains(ShapelyPoint(inside.lon, inside.lat))


def test_a_point_stands_for_itself() -> None:
    assert representative_point(CORNER) == CORNER


def test_a_sound_area_has_no_fault() -> None:
    assert fault_of(Area((Polygon(SQUARE, (HOLE,)),))) is None


@pytest.mark.parametrize(
    "polygon",
    [
        Polygon(_ring((0, 0), (100, 100), (100, 0), (0, 100))),
        Polygon(HOLE, (SQUARE,)),
        Polygon(_ring((0, 0), (50, 0), (100, 0))),
    ],
    ids=["bow tie", "hole outside", "flat"],
)
def test_an_impossible_polygon_has_a_fault(polygon: Polygon) -> None:
    assert fault_of(Area((polygon,)))
