"""What the map says of findings is what is there: against plain Python, plain SQL and the list,
after a history of random acts and moves."""

import random
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from audit.core.db import db
from audit.findings.actions import miscounted
from audit.findings.forms import parse_filter
from audit.findings.models import Finding
from audit.findings.queries import PER_PAGE, list_findings
from audit.geo.cells import cell_ranges
from audit.geo.points import Box
from tests.factories import Person
from tests.maps.asking import (
    Asker,
    Pairs,
    asked_box,
    bbox,
    expected_in,
    in_tiles,
    random_box,
    random_filters,
    severities_in,
)
from tests.maps.land import Land

QUESTIONS = 40
SEVERAL_LANDS = pytest.mark.parametrize("land", [1, 2, 3], indirect=True)


@SEVERAL_LANDS
def test_cells_points_and_total_are_what_is_there(
    app: Flask, land: Land, askers: list[Asker], few: int
) -> None:
    dice, modes, filled = random.Random(7), Counter[str](), 0
    for _ in range(QUESTIONS):
        asker, box, zoom = dice.choice(askers), asked_box(random_box(dice)), dice.randrange(21)
        asked = random_filters(land, dice)
        where = [("bbox", bbox(box)), ("z", str(zoom))]
        answer = asker.ask("findings", [*asked, *where])
        with app.app_context():
            expected = expected_in(land, asker.person, asked, box, zoom)
        assert answer["total"] == expected.total(), (asked, box, zoom)
        assert severities_in(answer) == expected, (asked, box, zoom)
        spots = asker.ask("findings", [*asked, *where, ("mode", "points")])
        assert spots["total"] == expected.total()
        assert len(spots["items"]) == min(expected.total(), few)
        assert spots["truncated"] == (expected.total() > few)
        modes[answer["mode"]] += 1
        filled += bool(expected)
    assert modes["cells"] > 5 and modes["points"] > 5 and filled > 8


def test_the_list_and_plain_sql_count_the_same(app: Flask, land: Land, askers: list[Asker]) -> None:
    dice = random.Random(8)
    for _ in range(10):
        asker, box, zoom = dice.choice(askers), asked_box(random_box(dice)), dice.randrange(21)
        asked = random_filters(land, dice)
        answer = asker.ask("findings", [*asked, ("bbox", bbox(box)), ("z", str(zoom))])
        with app.app_context():
            rows = _whole_list(land, asker.person, asked)
        inside = [one for one in rows if in_tiles(one.cell, box, zoom)]
        assert answer["total"] == len(inside)
        assert severities_in(answer) == Counter(one.severity for one in inside)
    box, zoom = Box(104.4, 29.9, 105.5, 30.5), 9
    ranges = cell_ranges(box, zoom)
    condition = " OR ".join(f"(cell >= {low} AND cell <= {high})" for low, high in ranges)
    with app.app_context():
        plain = db.session.scalar(text(f"SELECT count(*) FROM finding WHERE {condition}"))
    every = [("bbox", bbox(box)), ("z", "9"), ("state", "all")]
    assert askers[0].ask("findings", every)["total"] == plain > 0


def _whole_list(land: Land, person: Person, asked: Pairs) -> list[Finding]:
    actor, found = land.make.actor_of(person), []
    page, pages = 1, 1
    while page <= pages:
        chosen = parse_filter(MultiDict([*asked, ("page", str(page))]))
        rows, total = list_findings(actor, chosen)
        found += rows
        page, pages = page + 1, -(-total // PER_PAGE)
    return found


@SEVERAL_LANDS
def test_the_counts_agree_with_the_findings_after_every_act(app: Flask, land: Land) -> None:
    with app.app_context():
        assert miscounted() == 0
        assert db.session.scalar(text("SELECT count(*) FROM map_cell")) > 100


def test_counted_and_grouped_cells_are_the_same(
    app: Flask, land: Land, askers: list[Asker], few: int
) -> None:
    """A word that every facility's name holds narrows nothing, but the counts do not know it."""
    dice, compared = random.Random(9), 0
    for _ in range(QUESTIONS):
        asker, box, zoom = dice.choice(askers), random_box(dice), dice.randrange(18)
        asked = [
            pair for pair in random_filters(land, dice) if pair[0] in ("district", "state", "kind")
        ]
        where = [("bbox", bbox(box)), ("z", str(zoom))]
        counted = asker.ask("findings", [*asked, *where])
        grouped = asker.ask("findings", [*asked, ("q", "设施"), *where])
        assert counted["total"] == grouped["total"]
        if counted["mode"] == "points":
            assert counted == grouped
            continue
        compared += 1
        assert [item["n"] for item in counted["items"]] == [item["n"] for item in grouped["items"]]
        for one, other in zip(counted["items"], grouped["items"], strict=True):
            assert one["lon"] == pytest.approx(other["lon"], abs=2e-6)
            assert one["lat"] == pytest.approx(other["lat"], abs=2e-6)
    assert compared > 5
