"""What the map says is what is there: against plain Python, plain SQL and the list, after a history
of random acts and moves."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from audit.checklists.rules import Answer
from audit.core.actors import May
from audit.core.db import db
from audit.facilities.models import Facility
from audit.facilities.queries import FacilityFilter, list_facilities
from audit.facilities.rules import FacilityKind, search_text
from audit.findings.actions import miscounted
from audit.findings.forms import parse_filter
from audit.findings.models import Finding
from audit.findings.queries import PER_PAGE, list_findings
from audit.findings.rules import OPEN_STATES, State
from audit.geo.cells import cell_of, cell_ranges, centre_of, parent_cell
from audit.geo.points import Box, Point, moved
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory, Person
from tests.maps.land import ON_MAP, PLACED, SEATS, SEVERITIES, WORDS, Land, make_land

QUESTIONS = 40
SEVERAL_LANDS = pytest.mark.parametrize("land", [1, 2, 3], indirect=True)
NARROW = {
    "wc-provision": Answer.of(("male_stall", "female_stall")),
    "wc-stall-width": Answer.of(1400),
}
Pairs = list[tuple[str, str]]


@dataclass
class Asker:
    person: Person
    client: CarefulClient

    def ask(self, path: str, query: Pairs) -> dict[str, Any]:
        answer = self.client.get(f"/map/{path}?{urlencode(query)}")
        assert answer.status_code == 200, (path, query)
        found: dict[str, Any] = answer.get_json()
        return found


def _signed_in(app: Flask, person: Person) -> Asker:
    client: CarefulClient = app.test_client()  # type: ignore[assignment]
    client.sign_in(person.login, person.password)
    return Asker(person, client)


@pytest.fixture
def land(make: Factory, request: pytest.FixtureRequest) -> Land:
    return make_land(make, random.Random(getattr(request, "param", 1)))


@pytest.fixture
def askers(app: Flask, land: Land) -> list[Asker]:
    """Somebody for the whole city, for a county, for a zone; one whose own organisation must fix
    things elsewhere too; and one who sees that organisation's findings and nothing else."""
    make, mine = land.make, land.organisations[0]
    people = [
        make.person("coordinator", district=None),
        make.person("supervisor", district=YANJIANG),
        make.person("department", district="Z-gaoxin"),
        make.person("supervisor", district=ANYUE, organisation=mine),
        make.person("planner", district=None, organisation=mine),
    ]
    return [_signed_in(app, person) for person in people]


def _box(dice: random.Random) -> Box:
    """From a doorstep to a province, most around the seats; some on the far side of the earth."""
    if dice.random() < 0.05:
        return Box(-180, -89, 180, 89)
    seat = dice.choice(list(SEATS.values()))
    middle = moved(seat, east_m=dice.gauss(0, 3000), north_m=dice.gauss(0, 3000))
    reach = 10 ** dice.uniform(1, 5.3)
    low = moved(middle, east_m=-reach, north_m=-reach * 0.7)
    high = moved(middle, east_m=reach, north_m=reach * 0.7)
    return Box(low.lon, low.lat, high.lon, high.lat)


def _filters(land: Land, dice: random.Random) -> Pairs:
    pairs: Pairs = []
    if dice.random() < 0.3:
        pairs.append(("district", dice.choice(list(SEATS))))
    if dice.random() < 0.4:
        states = dice.choice([["open"], [str(one) for one in dice.sample(list(State), 2)]])
        pairs += [("state", one) for one in states]
    if dice.random() < 0.3:
        pairs += [("severity", one) for one in dice.sample(SEVERITIES, dice.randrange(1, 4))]
    if dice.random() < 0.3:
        pairs.append(("kind", dice.choice(PLACED)))
    if dice.random() < 0.25:
        words = [*WORDS, "门", "RAMP", "设施 甲", "-0000", "%", "_", "不存在的词"]
        pairs.append(("q", dice.choice(words)))
    if dice.random() < 0.2:
        pairs.append(("organisation", str(dice.choice(land.organisations))))
    if dice.random() < 0.1:
        pairs.append(("facility", str(dice.choice(land.facilities))))
    return pairs


def _matches(finding: Finding, facility: Facility, asked: Pairs) -> bool:
    """The filter once more, in plain Python."""
    several: dict[str, list[str]] = {}
    for name, value in asked:
        several.setdefault(name, []).append(value)
    states = several.get("state", [])
    wanted = {str(one) for one in OPEN_STATES} if states == ["open"] else set(states)
    words = search_text(several.get("q", [""])[0])
    texts = [finding.number, finding.title_zh, finding.title_en, facility.search]
    truths = [
        not wanted or str(finding.state) in wanted,
        finding.severity in several.get("severity", [finding.severity]),
        several.get("district", [finding.district_code]) == [finding.district_code],
        several.get("kind", [facility.kind]) == [facility.kind],
        several.get("organisation", [str(finding.organisation_id)])
        == [str(finding.organisation_id)],
        several.get("facility", [str(facility.id)]) == [str(facility.id)],
        any(words in one.lower() for one in texts),
    ]
    return all(truths)


def _may_see(land: Land, person: Person, finding: Finding) -> bool:
    actor = land.make.actor_of(person)
    codes = actor.districts_for(May.SEE_FINDINGS)
    own = person.organisation_id is not None and finding.organisation_id == person.organisation_id
    return codes is None or finding.district_code in codes or own


def _in_tiles(cell: int | None, box: Box, zoom: int) -> bool:
    return cell is not None and any(low <= cell <= high for low, high in cell_ranges(box, zoom))


def _bbox(box: Box) -> str:
    return ",".join(f"{edge:.9f}" for edge in (box.west, box.south, box.east, box.north))


def _asked_box(box: Box) -> Box:
    return Box(*(float(edge) for edge in _bbox(box).split(",")))


def _expected(land: Land, person: Person, asked: Pairs, box: Box, zoom: int) -> Counter[str]:
    """Numbers of findings, each once, with their severity."""
    rows = db.session.execute(
        db.select(Finding, Facility).join(Facility, Facility.id == Finding.facility_id)
    )
    return Counter(
        finding.severity
        for finding, facility in rows
        if _in_tiles(finding.cell, box, zoom)
        and _matches(finding, facility, asked)
        and _may_see(land, person, finding)
    )


def _counted(answer: dict[str, Any]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for item in answer["items"]:
        if answer["mode"] == "cells":
            counts.update(dict(zip(SEVERITIES, item["n"], strict=True)))
        else:
            counts[item["mark"]] += 1
    return +counts


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Cells from four findings on, so that a small land shows both answers."""
    monkeypatch.setattr("audit.maps.queries.grid.MOST_POINTS", 3)
    monkeypatch.setattr("audit.maps.queries.findings.MOST_POINTS", 3)
    monkeypatch.setattr("audit.maps.queries.facilities.MOST_POINTS", 3)
    return 3


@SEVERAL_LANDS
def test_cells_points_and_total_are_what_is_there(
    app: Flask, land: Land, askers: list[Asker], few: int
) -> None:
    dice, modes, filled = random.Random(7), Counter[str](), 0
    for _ in range(QUESTIONS):
        asker, box, zoom = dice.choice(askers), _asked_box(_box(dice)), dice.randrange(21)
        asked = _filters(land, dice)
        where = [("bbox", _bbox(box)), ("z", str(zoom))]
        answer = asker.ask("findings", [*asked, *where])
        with app.app_context():
            expected = _expected(land, asker.person, asked, box, zoom)
        assert answer["total"] == expected.total(), (asked, box, zoom)
        assert _counted(answer) == expected, (asked, box, zoom)
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
        asker, box, zoom = dice.choice(askers), _asked_box(_box(dice)), dice.randrange(21)
        asked = _filters(land, dice)
        answer = asker.ask("findings", [*asked, ("bbox", _bbox(box)), ("z", str(zoom))])
        with app.app_context():
            rows = _whole_list(land, asker.person, asked)
        inside = [one for one in rows if _in_tiles(one.cell, box, zoom)]
        assert answer["total"] == len(inside)
        assert _counted(answer) == Counter(one.severity for one in inside)
    box, zoom = Box(104.4, 29.9, 105.5, 30.5), 9
    ranges = cell_ranges(box, zoom)
    condition = " OR ".join(f"(cell >= {low} AND cell <= {high})" for low, high in ranges)
    with app.app_context():
        plain = db.session.scalar(text(f"SELECT count(*) FROM finding WHERE {condition}"))
    assert askers[0].ask("findings", [("bbox", _bbox(box)), ("z", "9")])["total"] == plain > 0


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
        asker, box, zoom = dice.choice(askers), _box(dice), dice.randrange(18)
        asked = [pair for pair in _filters(land, dice) if pair[0] in ("district", "state", "kind")]
        where = [("bbox", _bbox(box)), ("z", str(zoom))]
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


@pytest.mark.parametrize("zoom", [8, 10, 12])
def test_every_cell_marks_a_place_within_its_own_square(
    land: Land, askers: list[Asker], few: int, zoom: int
) -> None:
    answer = askers[0].ask("findings", [("bbox", "104.3,29.7,105.8,30.7"), ("z", str(zoom))])
    squares = [parent_cell(cell_of(item["lon"], item["lat"]), zoom) for item in answer["items"]]
    assert len(squares) == len(set(squares)) > 1


@pytest.mark.parametrize("zoom", [6, 10, 15, 17])
def test_who_must_fix_something_elsewhere_sees_it_too(
    app: Flask, land: Land, askers: list[Asker], few: int, zoom: int
) -> None:
    asker, elsewhere = askers[3], askers[0]
    box = Box(104.3, 29.7, 105.8, 30.7) if zoom < 15 else Box(104.63, 30.10, 104.67, 30.14)
    where = [("bbox", _bbox(box)), ("z", str(zoom))]
    for district in (ANYUE, YANJIANG):  # what is both theirs and in their district counts once
        land.dispatch_one(district, land.organisations[0])
    with app.app_context():
        expected = _expected(land, asker.person, [], box, zoom)
        mine = db.select(Finding).where(
            Finding.organisation_id == asker.person.organisation_id, Finding.district_code != ANYUE
        )
        beyond = [one for one in db.session.scalars(mine) if _in_tiles(one.cell, box, zoom)]
    answer = asker.ask("findings", where)
    assert _counted(answer) == expected
    assert 0 < len(beyond) <= expected.total() < elsewhere.ask("findings", where)["total"]


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
        make.inspection(place, actor, NARROW)
    client = signed_in("supervisor")
    box = Box(north_west.lon, south_east.lat, south_east.lon, north_west.lat)
    answer = client.get(f"/map/{path}?bbox={_bbox(box)}&z={zoom}").get_json()
    assert answer["total"] == 2
    found = sorted((item["lon"], item["lat"]) for item in answer["items"])
    assert found == sorted((spot.lon, spot.lat) for spot in corners)


@pytest.mark.parametrize("zoom", [15, 17, 19, 20])
def test_many_in_a_street_are_counted_at_every_zoom(
    app: Flask, land: Land, askers: list[Asker], few: int, zoom: int
) -> None:
    box = Box(104.6502, 30.1222, 104.6502, 30.1222)
    where = [("bbox", _bbox(box)), ("z", str(zoom))]
    with app.app_context():
        expected = _expected(land, askers[0].person, [], box, zoom)
    for query in ([], [("q", "设施")]):
        answer = askers[0].ask("findings", [*query, *where])
        assert answer["mode"] == "cells"
        assert answer["total"] == expected.total() > few
        assert _counted(answer) == expected


def test_nobody_learns_of_another_county(app: Flask, land: Land) -> None:
    """Whatever a person of Anyue asks about Yanjiang's streets, the answer is nothing."""
    asker, dice = _signed_in(app, land.make.person("supervisor", district=ANYUE)), random.Random(4)
    with app.app_context():
        mine = {row.number for row in db.session.scalars(
            db.select(Finding).where(Finding.district_code == ANYUE)
        )}  # fmt: skip
        places = {str(row) for row in db.session.scalars(
            db.select(Facility.id).where(Facility.district_code == ANYUE)
        )}  # fmt: skip
        theirs = db.session.scalars(
            db.select(Finding).where(Finding.district_code != ANYUE).order_by(Finding.number)
        ).all()
        tricks: list[Pairs] = [
            [("district", YANJIANG)],
            [("district", "512000")],
            [("organisation", str(land.organisations[0]))],
            [("facility", str(theirs[0].facility_id))],
            [("q", theirs[0].number)],
            [("state", "open"), ("severity", "S1")],
            [],
        ]
    seen = 0
    for trick in tricks:
        for zoom in (0, 6, 10, 14, 17, 20):
            for mode in ("", "points"):
                box = _box(dice) if zoom else Box(-180, -89, 180, 89)
                query = [*trick, ("bbox", _bbox(box)), ("z", str(zoom)), ("mode", mode)]
                answer = asker.ask("findings", query)
                assert answer["total"] <= len(mine)
                if trick[:1] == [("district", YANJIANG)]:
                    assert answer["total"] == 0 and answer["items"] == []
                if answer["mode"] == "points":
                    assert {item["id"] for item in answer["items"]} <= mine
                    seen += len(answer["items"])
                known = asker.ask("facilities", [("bbox", _bbox(box)), ("z", str(zoom))])
                assert known["total"] <= len(places)
                assert {item["id"] for item in known["items"] if "id" in item} <= places
    assert seen > 20


def test_a_person_without_a_district_of_theirs_gets_nothing(app: Flask, land: Land) -> None:
    asker = _signed_in(app, land.make.person("supervisor", district="512022001"))
    query = [("bbox", "104,29,106,31"), ("z", "9")]
    assert asker.ask("findings", query)["total"] == 0
    assert asker.ask("facilities", query)["total"] == 0


def test_facilities_on_the_map_are_those_of_the_list(
    app: Flask, land: Land, askers: list[Asker], few: int
) -> None:
    dice, modes = random.Random(11), Counter[str]()
    for _ in range(QUESTIONS):
        asker, box, zoom = dice.choice(askers), _asked_box(_box(dice)), dice.randrange(21)
        kind = dice.choice([None, *PLACED])
        words, district = dice.choice(["", "", "甲", "设施 乙"]), dice.choice(["", *SEATS])
        asked = [("kind", kind or ""), ("q", words), ("district", district)]
        answer = asker.ask("facilities", [*asked, ("bbox", _bbox(box)), ("z", str(zoom))])
        with app.app_context():
            actor = land.make.actor_of(asker.person)
            rows, total = list_facilities(actor, FacilityFilter(words, kind, district))
            assert total == len(rows)  # one page holds them all
            inside = [one for one in rows if _in_tiles(one.cell, box, zoom)]
            expected = Counter(FacilityKind(one.kind) for one in inside)
        counts = Counter[str]()
        for item in answer["items"]:
            if answer["mode"] == "cells":
                counts.update(dict(zip(ON_MAP, item["n"], strict=True)))
            else:
                counts[item["mark"]] += 1
        assert answer["total"] == len(inside)
        assert +counts == expected
        modes[answer["mode"]] += 1
    assert modes["cells"] and modes["points"]


def test_a_facility_says_how_many_of_its_findings_are_open(
    app: Flask, land: Land, askers: list[Asker]
) -> None:
    answer = askers[0].ask("facilities", [("bbox", "104,29,106,31"), ("z", "9")])
    with app.app_context():
        counts = Counter(
            str(row.facility_id)
            for row in db.session.scalars(
                db.select(Finding).where(Finding.state.in_(sorted(OPEN_STATES)))
            )
        )
    assert len(answer["items"]) == len(land.facilities)
    for item in answer["items"]:
        count = counts[item["id"]]
        assert item["status"] == (f"未销号的问题：{count} 个" if count else "没有未销号的问题")
        assert item["url"] == f"/facilities/{UUID(item['id'])}"


def test_an_enormous_box_at_a_close_zoom_is_answered_in_few_cells(
    land: Land, askers: list[Asker], few: int
) -> None:
    whole = askers[0].ask("findings", [("bbox", "-180,-85,180,85"), ("z", "6")])
    close = askers[0].ask("findings", [("bbox", "-180,-85,180,85"), ("z", "20")])
    assert close["total"] == whole["total"] > 50
    assert len(close["items"]) <= len(whole["items"])


def test_a_moved_facility_takes_its_findings_along(app: Flask, land: Land) -> None:
    asker = _signed_in(app, land.make.person("coordinator", district=None))
    around = [("bbox", "105.89,30.89,105.91,30.91"), ("z", "15")]
    assert asker.ask("findings", around)["total"] == 0
    land.find()
    with app.app_context():
        moving = db.session.scalars(db.select(Finding.facility_id).order_by(Finding.number)).first()
        total = db.select(db.func.count()).where(Finding.facility_id == moving)
        expected = db.session.scalar(total)
    land.facilities, land.place_near = [moving], lambda _district: Point(105.9, 30.9)  # type: ignore[list-item, method-assign]
    land.move()
    assert asker.ask("findings", around)["total"] == expected > 0
    with app.app_context():
        assert miscounted() == 0
