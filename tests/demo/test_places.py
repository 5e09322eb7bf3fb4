"""The register of the sample city: enough of everything, inside the outlines, plainly made up."""

from collections import Counter
from pathlib import Path

import pytest

from audit.accounts.rules import OrganisationKind, password_problem
from audit.core.actors import Role
from audit.demo import SITE_PORT
from audit.demo.cast import belonging, coordinator_for, covering
from audit.demo.city import PASSWORD
from audit.demo.placing import chosen_places, draft_of, line_of, point_of
from audit.demo.reading import SamplePlace, organisations, people, places
from audit.facilities.rules import KINDS, FacilityKind
from audit.geo.geojson import read_geojson
from audit.geo.outlines import Outlines
from audit.geo.shapes import Area, Line, length_m

DATA = Path(__file__).parents[2] / "audit/districts/data"
WEBSITES = [place for place in places() if place.kind is FacilityKind.WEBSITE]
STANDING = [place for place in places() if place.at]


@pytest.fixture(scope="module")
def outlines() -> dict[str, Outlines]:
    """One for each district, so that a zone and the county around it are both asked."""
    found: dict[str, Outlines] = {}
    for name, key in (("ziyang-counties.geojson", "adcode"), ("sample-zones.geojson", "code")):
        for feature in read_geojson((DATA / name).read_bytes()).features:
            assert isinstance(feature.shape, Area)
            found[feature.text(key)] = Outlines({feature.text(key): feature.shape})
    return found


@pytest.mark.parametrize("place", STANDING, ids=lambda place: place.key)
def test_a_place_with_its_whole_course_lies_in_its_district(
    place: SamplePlace, outlines: dict[str, Outlines]
) -> None:
    line, point = line_of(place), point_of(place)
    assert point is not None
    course = line.parts[0] if line else ()
    for one in (point, *course):
        assert outlines[place.district].find_at(one) == place.district


def test_there_is_enough_of_everything_everywhere() -> None:
    kinds = Counter(place.kind for place in places())
    assert kinds[FacilityKind.TOILET] >= 14
    assert kinds[FacilityKind.ROAD] >= 10
    assert kinds[FacilityKind.BUILDING] >= 12
    assert kinds[FacilityKind.WEBSITE] == 2
    assert sum(kinds.values()) >= 36
    districts = {place.district for place in STANDING}
    assert districts == {"512002", "512021", "512022", "Z-gaoxin", "Z-linkong"}
    branches = {place.facts["branch"] for place in STANDING if place.kind == "building"}
    assert len(branches) >= 8
    works = Counter(place.judged_facts().works for place in STANDING)
    assert len(works) == 4 and min(works.values()) >= 3, "of all ages, and of unknown age"
    assert sum(bool(place.found_by) for place in places()) == 2


def test_roads_and_zones_say_that_they_are_samples() -> None:
    for place in STANDING:
        assert "示例" in place.name and "示例" in place.address
        if place.kind is FacilityKind.ROAD:
            assert "道路" in place.address
            assert "虚构" in place.address or "均为示例" in place.address
        if place.district.startswith("Z-"):
            assert "示例片区" in place.address


def test_a_road_is_a_line_of_some_hundred_metres_with_its_point_on_it() -> None:
    for place in (one for one in places() if one.kind is FacilityKind.ROAD):
        line, draft = line_of(place), draft_of(place, None)
        assert isinstance(line, Line) and 200 < length_m(line) < 2500
        assert draft.shape is not None and read_geojson(draft.shape.encode()).problems == ()


def test_facts_are_those_that_the_kind_asks_for() -> None:
    for place in places():
        assert set(place.facts) <= set(KINDS[place.kind].facts)


def test_everybody_whom_the_story_needs_is_there() -> None:
    roles = Counter(one.role for one in people())
    assert set(roles) == set(Role)
    assert roles[Role.SUPERVISOR] >= 4 and roles[Role.COORDINATOR] >= 2
    assert len({one.login for one in people()}) == len(people())
    for one in people():
        assert one.login.startswith("demo-") and "示例" in one.name
        assert password_problem(PASSWORD, one.login) is None
    assert people()[0].role is Role.SECURITY, "who manages people comes first"
    for organisation in organisations():
        assert "示例" in organisation.name
        if organisation.kind in {OrganisationKind.DEPARTMENT, OrganisationKind.OWNER}:
            assert belonging(organisation.key)


def test_every_district_can_do_without_the_one_who_found_a_problem() -> None:
    for place in places():
        assert len(covering(Role.SUPERVISOR, place.district)) >= 2
        coordinator = coordinator_for(place.district)
        assert any(one.login == coordinator for one in covering(Role.COORDINATOR, place.district))


def test_one_website_is_the_sample_site_and_the_other_can_never_be_reached() -> None:
    assert WEBSITES[0].url == f"http://127.0.0.1:{SITE_PORT}/"
    assert WEBSITES[1].url is not None and WEBSITES[1].url.endswith(".example/")


def test_a_small_city_still_has_every_kind() -> None:
    small = chosen_places(small=True)
    assert len(small) < len(places()) / 2
    assert {place.kind for place in small} == {place.kind for place in places()}
