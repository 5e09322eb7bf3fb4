"""Whole walks through a building, where one answer decides about others; the rest are examples."""

from datetime import date

from audit.checklists.loader import get_checklist
from audit.checklists.rules import (
    FACTS,
    Answer,
    FacilityFacts,
    Judgement,
    Outcome,
    Verdict,
    asked_items,
    judge,
)

BUILDING = get_checklist("public-building")
NEW = date(2023, 5, 1)
BRANCHING = ["pb-door-kinds", "pb-level-kinds", "pb-service-kinds"]


def facts(built_on: date | None = NEW, **values: bool | int | str) -> FacilityFacts:
    return FacilityFacts(built_on=built_on, values=values)


def walk(of: FacilityFacts | None = None, **answers: object) -> dict[str, Judgement]:
    """Judged with the default tolerances; ramp_slope=8 answers pb-ramp-slope."""
    return judge(BUILDING, _typed(answers), of or facts())


def asked(of: FacilityFacts | None = None, **answers: object) -> set[str]:
    return {item.id for item in asked_items(BUILDING, _typed(answers), of or facts())}


def about(part: str, ids: set[str]) -> set[str]:
    return {one for one in ids if one.startswith(f"pb-{part}")}


def _typed(answers: dict[str, object]) -> dict[str, Answer]:
    return {
        f"pb-{name.replace('_', '-')}": value if isinstance(value, Answer) else Answer.of(value)
        for name, value in answers.items()
    }


def test_seventy_items_are_judged_and_three_only_branch() -> None:
    assert [item.id for item in BUILDING.items if not item.limits] == BRANCHING
    assert len(BUILDING.items) == 70 + len(BRANCHING)


def test_what_one_kind_of_building_needs_beyond_the_rest_is_asked_of_it_alone() -> None:
    packs = {
        branch: about("x", asked(facts(branch=branch))) for branch in FACTS["branch"].values
    } | {None: about("x", asked())}
    assert {branch: len(ids) for branch, ids in packs.items() if ids} == {
        "hospital": 3, "school": 1, "special_school": 1, "service": 1, "library": 1, "hotel": 1,
        "station": 1, "rehabilitation": 1, "day_care": 1, "welfare": 1, "heritage": 1,
    }  # fmt: skip
    assert len(set.union(*packs.values())) == 10


def test_the_items_stand_in_the_order_of_a_walk() -> None:
    sections = [section.id for section in BUILDING.sections]
    assert sections[0] == "site"
    assert sections[-1] == "branch"
    places = [sections.index(item.section) for item in BUILDING.items]
    assert places == sorted(places)


def test_every_item_can_be_reached_a_level_entrance_excluding_a_ramp() -> None:
    everything = asked(
        facts(branch="hospital"),
        entrance_type="steps_ramp",
        door_kinds=["manual", "automatic", "glass", "two_way", "double", "gate"],
        level_kinds=["stairs", "floor_step", "ramp", "lift", "platform_lift"],
        service_kinds=["counter", "machine", "service_hall", "fixed_seats"],
    )
    packs = {item.id for item in BUILDING.items if item.section == "branch"}
    assert {item.id for item in BUILDING.items} - packs - everything == {"pb-entrance-slope"}


def test_a_level_entrance_is_asked_for_its_slope_and_not_about_a_ramp_or_platform() -> None:
    ids = asked(entrance_type="level")
    assert "pb-entrance-slope" in ids
    assert not about("ramp", ids)
    assert "pb-entrance-platform" not in ids


def test_an_entrance_of_only_steps_fails_and_is_asked_nothing_more() -> None:
    walked = walk(entrance_type="none", ramp_slope=20)
    assert walked["pb-entrance-type"].outcome is Outcome.BREACH
    assert walked["pb-ramp-slope"].verdict is Verdict.HIDDEN
    assert about("entrance", asked(entrance_type="none")) == {"pb-entrance-type"}


def test_a_building_without_a_lift_is_asked_nothing_about_one() -> None:
    assert not about("lift", asked(level_kinds=["stairs"]))
    assert "pb-lift-present" in asked(level_kinds=["stairs", "lift"])


def test_a_platform_lift_is_asked_about_at_the_door_as_well_as_indoors() -> None:
    assert "pb-platform-lift" in asked(entrance_type="steps_platform")
    assert "pb-platform-lift" in asked(entrance_type="level", level_kinds=["platform_lift"])
    assert "pb-platform-lift" not in asked(entrance_type="level", level_kinds=["lift"])


def test_a_steep_ramp_is_excused_only_once_its_rise_is_known_to_be_small() -> None:
    for rise, verdict in ((None, Verdict.FAIL), (151, Verdict.FAIL), (150, Verdict.PASS)):
        rises = {} if rise is None else {"ramp_rise": rise}
        slope = walk(entrance_type="steps_ramp", ramp_slope=9.5, **rises)["pb-ramp-slope"]
        assert slope.verdict is verdict
        assert slope.unverified is (verdict is Verdict.PASS)


def test_a_gentle_low_ramp_does_not_rest_on_the_unconfirmed_exception() -> None:
    slope = walk(entrance_type="steps_ramp", ramp_slope=8, ramp_rise=100)["pb-ramp-slope"]
    assert (slope.verdict, slope.unverified) == (Verdict.PASS, False)


def test_a_loose_carpet_is_a_fault_of_upkeep_and_a_slippery_floor_is_not() -> None:
    carpet = walk(floor={"surface": True, "carpet": False})["pb-floor"]
    assert carpet.outcome is Outcome.UPKEEP
    assert walk(floor={"surface": False, "carpet": True})["pb-floor"].outcome is Outcome.BREACH


def test_a_low_or_gentle_ramp_needs_no_handrail() -> None:
    ramp = {"entrance_type": "steps_ramp", "ramp_handrail": False}
    assert walk(**ramp)["pb-ramp-handrail"].outcome is Outcome.BREACH
    assert walk(**ramp, ramp_rise=300)["pb-ramp-handrail"].verdict is Verdict.INFO
    assert walk(**ramp, ramp_slope=5)["pb-ramp-handrail"].verdict is Verdict.INFO
    high = walk(**ramp, ramp_rise=301, ramp_slope=6)
    assert high["pb-ramp-handrail"].outcome is Outcome.BREACH


def test_a_door_of_850_mm_is_too_narrow_only_in_a_new_building() -> None:
    door = {"door_kinds": ["manual"], "door_width": 850}
    assert walk(facts(), **door)["pb-door-width"].outcome is Outcome.BREACH
    altered = FacilityFacts(built_on=date(2010, 3, 1), altered_on=NEW)
    for older in (altered, facts(date(2015, 6, 1)), facts(None)):
        assert walk(older, **door)["pb-door-width"].verdict is Verdict.PASS


def test_a_corridor_is_told_the_width_that_holds_for_its_use() -> None:
    for of, required in (
        (facts(), "≥ 1,200 mm"),
        (facts(crowded=True), "≥ 1,800 mm"),
    ):
        judged = walk(of, corridor=1100)["pb-corridor"]
        assert [result.required.zh for result in judged.results] == [required]
    hospital = walk(facts(branch="hospital"), corridor=1500)["pb-corridor"]
    assert hospital.outcome is Outcome.NONCONFORMING
    assert [str(one) for one in hospital.citations] == ["GB50763 8.4.2(4)"]


def test_a_side_entrance_fails_a_service_building_and_is_advice_for_a_hotel() -> None:
    side = {"entrance_type": "level", "entrance_main": False}
    service = walk(facts(branch="service"), **side)["pb-entrance-main"]
    assert service.outcome is Outcome.NONCONFORMING
    hotel = walk(facts(branch="hotel"), **side)["pb-entrance-main"]
    assert (hotel.verdict, hotel.outcome) == (Verdict.PASS, Outcome.ADVICE)
    assert "pb-entrance-main" not in asked(facts(branch="office"), **side)


def test_a_long_narrow_stretcher_lift_passes_and_a_short_narrow_one_does_not() -> None:
    for depth, verdict in ((2100, Verdict.PASS), (2000, Verdict.FAIL)):
        car = {"depth": depth, "width": 1100, "stretcher": True}
        assert walk(level_kinds=["lift"], lift_car=car)["pb-lift-car"].verdict is verdict


def test_an_unmeasured_knee_space_fails_on_what_was_measured() -> None:
    counter = {"service_kinds": ["counter"]}
    narrow = walk(**counter, counter_knee={"width": 700})["pb-counter-knee"]
    assert narrow.outcome is Outcome.BREACH
    assert not narrow.unverified
    shallow = walk(**counter, counter_knee={"depth_low": 300})["pb-counter-knee"]
    assert shallow.unverified


def test_a_locked_facility_or_a_refused_dog_is_a_fault_however_old_the_building() -> None:
    for of in (facts(), facts(date(2015, 6, 1)), facts(None)):
        walked = walk(of, usable=2, maintain="person", service_dog=False)
        assert walked["pb-usable"].outcome is Outcome.UPKEEP
        assert walked["pb-maintain"].outcome is Outcome.UPKEEP
        assert walked["pb-service-dog"].outcome is Outcome.SERVICE


def test_the_law_on_terminals_is_asked_only_of_the_places_it_names() -> None:
    machine = {"service_kinds": ["machine"]}
    assert "pb-machine-voice" in asked(facts(branch="finance"), **machine)
    assert "pb-machine-voice" not in asked(facts(branch="commerce"), **machine)
    assert "pb-machine-low" in asked(facts(branch="commerce"), **machine)
