"""Tiles and cells cut the land without a gap and without counting twice."""

from collections.abc import Callable

import pytest
from flask import Flask

from audit.geo.cells import cell_of, parent_cell
from audit.geo.points import Box, moved
from tests.careful import CarefulClient
from tests.factories import NARROW_STALL, YANJIANG, Factory
from tests.geo.cells import centre_of
from tests.maps.asking import (
    Asker,
    bbox,
    expected_in,
    severities_in,
)
from tests.maps.land import SEATS, Land


@pytest.mark.parametrize("zoom", [8, 10, 12])
def test_every_cell_marks_a_place_within_its_own_square(
    land: Land, askers: list[Asker], few: int, zoom: int
) -> None:
    answer = askers[0].ask("findings", [("bbox", "104.3,29.7,105.8,30.7"), ("z", str(zoom))])
    squares = [parent_cell(cell_of(item["lon"], item["lat"]), zoom) for item in answer["items"]]
    assert len(squares) == len(set(squares)) > 1


@pytest.mark.parametrize("path", ["findings", "facilities"])
@pytest.mark.parametrize("zoom", [12, 16, 17, 19, 20])
def test_the_last_and_the_first_cell_of_a_tile_belong_to_it(
    make: Factory, signed_in: Callable[..., CarefulClient], path: str, zoom: int
) -> None:
    """And nothing beside it: four neighbours stand just across the edges of the tile."""
    seat = cell_of(SEATS[YANJIANG].lon, SEATS[YANJIANG].lat)
    shift = 2 * (21 - zoom)
    first, last = seat >> shift << shift, (((seat >> shift) + 1) << shift) - 1
    corners = [centre_of(first), centre_of(last)]
    (north_west, south_east), step = corners, 30
    outside = [
        moved(north_west, east_m=-step, north_m=0), moved(north_west, east_m=0, north_m=step),
        moved(south_east, east_m=step, north_m=0), moved(south_east, east_m=0, north_m=-step),
    ]  # fmt: skip
    actor = make.actor("supervisor")
    for spot in corners + outside:
        place = make.toilet(lon=spot.lon, lat=spot.lat)
        make.inspection(place, actor, NARROW_STALL)
    client = signed_in("supervisor")
    box = Box(north_west.lon, south_east.lat, south_east.lon, north_west.lat)
    answer = client.get(f"/map/{path}?bbox={bbox(box)}&z={zoom}").get_json()
    assert answer["total"] == 2
    found = sorted((item["lon"], item["lat"]) for item in answer["items"])
    assert found == sorted((spot.lon, spot.lat) for spot in corners)


@pytest.mark.parametrize("zoom", [15, 17, 19, 20])
def test_many_in_a_street_are_counted_at_every_zoom(
    app: Flask, land: Land, askers: list[Asker], few: int, zoom: int
) -> None:
    box = Box(104.6502, 30.1222, 104.6502, 30.1222)
    where = [("bbox", bbox(box)), ("z", str(zoom))]
    with app.app_context():
        expected = expected_in(land, askers[0].person, [], box, zoom)
    for query in ([], [("q", "设施")]):
        answer = askers[0].ask("findings", [*query, *where])
        assert answer["mode"] == "cells"
        assert answer["total"] == expected.total() > few
        assert severities_in(answer) == expected


def test_an_enormous_box_at_a_close_zoom_is_answered_in_few_cells(
    land: Land, askers: list[Asker], few: int
) -> None:
    whole = askers[0].ask("findings", [("bbox", "-180,-85,180,85"), ("z", "6")])
    close = askers[0].ask("findings", [("bbox", "-180,-85,180,85"), ("z", "20")])
    assert close["total"] == whole["total"] > 50
    assert len(close["items"]) <= len(whole["items"])
