"""Whole walks along a road, where one answer decides about others; the rest are examples."""

from datetime import date

import pytest

from audit.checklists.loader import get_checklist
from audit.checklists.rules import (
    Answer,
    FacilityFacts,
    Judgement,
    Outcome,
    Verdict,
    asked_items,
    judge,
)

ROAD = get_checklist("road")


def road(built_on: date | None = None, **values: bool | int | str) -> FacilityFacts:
    return FacilityFacts(built_on, values={"kind": "road", **values})


NEW_WORKS = road(date(2023, 5, 1))
OLD_WORKS = road(date(2015, 6, 1))
SECTIONS = ["route", "surface", "kerb", "tactile", "crossing", "bridge", "signs"]


def walk(facts: FacilityFacts = NEW_WORKS, **answers: object) -> dict[str, Judgement]:
    """Judged with the default tolerances; kerb_type="other" answers rd-kerb-type."""
    return judge(ROAD, _typed(answers), facts)


def asked(**answers: object) -> set[str]:
    return {item.id for item in asked_items(ROAD, _typed(answers), NEW_WORKS)}


def _typed(answers: dict[str, object]) -> dict[str, Answer]:
    return {
        f"rd-{name.replace('_', '-')}": value if isinstance(value, Answer) else Answer.of(value)
        for name, value in answers.items()
    }


def test_a_road_is_asked_forty_questions_in_the_order_of_a_walk() -> None:
    assert len(ROAD.items) == 40
    assert [section.id for section in ROAD.sections] == SECTIONS
    places = [SECTIONS.index(item.section) for item in ROAD.items]
    assert places == sorted(places)


def test_only_the_form_of_the_kerb_ramp_is_never_judged() -> None:
    assert [item.id for item in ROAD.items if not item.limits] == ["rd-kerb-type"]


def test_a_full_width_ramp_is_asked_for_its_own_slope_and_not_for_its_width() -> None:
    ids = asked(kerb_type="full_width")
    assert {"rd-kerb-slope-full", "rd-kerb-lip", "rd-kerb-tactile"} <= ids
    assert not {"rd-kerb-slope-other", "rd-kerb-width"} & ids


def test_a_three_sided_ramp_may_be_steeper_than_a_full_width_one() -> None:
    steep = walk(kerb_type="three_sided", kerb_slope_other=8, kerb_slope_full=8)
    assert steep["rd-kerb-slope-other"].verdict is Verdict.PASS
    assert steep["rd-kerb-slope-full"].verdict is Verdict.HIDDEN
    full = walk(kerb_type="full_width", kerb_slope_full=8)
    assert full["rd-kerb-slope-full"].outcome is Outcome.BREACH


def test_without_a_kerb_ramp_only_its_absence_is_a_problem() -> None:
    ids = asked(kerb_present=False, kerb_type=Answer.not_applicable())
    about_the_ramp = {one for one in ids if one.startswith("rd-kerb-")}
    assert about_the_ramp == {"rd-kerb-present", "rd-kerb-type"}


def test_a_slope_that_the_level_cannot_tell_from_the_limit_gets_a_second_look() -> None:
    walked = walk(kerb_type="full_width", kerb_slope_full="5.2")
    assert walked["rd-kerb-slope-full"].verdict is Verdict.SECOND_LOOK


def test_a_footway_without_tactile_paving_is_asked_nothing_more_about_it() -> None:
    ids = asked(tactile_present=False)
    assert [one for one in ids if one.startswith("rd-tactile-")] == ["rd-tactile-present"]


def test_missing_tactile_paving_counts_until_the_road_is_known_to_be_a_minor_one() -> None:
    for road_class, verdict in ((None, Verdict.FAIL), ("main", Verdict.FAIL), ("local", "info")):
        facts = road(**({"road_class": road_class} if road_class else {}))
        assert walk(facts, tactile_present=False)["rd-tactile-present"].verdict == verdict


def test_a_bridge_with_a_lift_is_not_asked_about_a_ramp() -> None:
    about_bridges = {one for one in asked(bridge_access="lift") if one.startswith("rd-bridge-")}
    assert about_bridges == {"rd-bridge-access", "rd-bridge-tactile"}


def test_a_road_without_a_bridge_is_asked_nothing_about_one() -> None:
    ids = asked(bridge_access=Answer.not_applicable())
    assert [one for one in ids if one.startswith("rd-bridge-")] == ["rd-bridge-access"]


@pytest.mark.parametrize(
    ("item", "missing", "broken"),
    [("signal_sound", "none", "silent"), ("bridge_access", "none", "lift_out")],
)
def test_what_was_never_built_is_told_from_what_no_longer_works(
    item: str, missing: str, broken: str
) -> None:
    name = f"rd-{item.replace('_', '-')}"
    law_in_force = road(date(2024, 5, 1))
    assert walk(law_in_force, **{item: missing})[name].outcome is Outcome.NONCONFORMING
    assert walk(OLD_WORKS, **{item: missing})[name].outcome is Outcome.BELOW
    for facts in (law_in_force, OLD_WORKS, road()):
        judged = walk(facts, **{item: broken})[name]
        assert judged.outcome is Outcome.UPKEEP
        assert [str(one) for one in judged.citations] == ["LAW 26", "GB55019 5.0.5"]
        assert len(judged.missed) == 1


@pytest.mark.parametrize("thing", ["bin", "board", "vehicle", "goods", "other_movable"])
def test_what_can_be_moved_out_of_the_way_is_an_upkeep_fault(thing: str) -> None:
    for facts in (NEW_WORKS, OLD_WORKS, road()):
        judged = walk(facts, furniture_block=thing)["rd-furniture-block"]
        assert judged.outcome is Outcome.UPKEEP


@pytest.mark.parametrize("thing", ["post", "box", "block", "seat", "other_fixed"])
def test_what_stands_fixed_in_the_way_was_built_there(thing: str) -> None:
    for facts, outcome in ((NEW_WORKS, Outcome.BREACH), (OLD_WORKS, Outcome.BELOW)):
        assert walk(facts, furniture_block=thing)["rd-furniture-block"].outcome is outcome


def test_every_kind_of_obstacle_is_either_fixed_or_movable() -> None:
    for option in ROAD.item("rd-furniture-block").options:
        judged = walk(furniture_block=option.id)["rd-furniture-block"]
        assert (judged.verdict is Verdict.PASS) is (option.id == "none")
        assert len(judged.results) == 1


def test_worn_tactile_paving_is_upkeep_and_relief_that_is_too_high_is_not() -> None:
    for height_mm, outcome in ((3, Outcome.UPKEEP), (5, Outcome.NONCONFORMING)):
        judged = walk(tactile_present=True, tactile_relief=height_mm)["rd-tactile-relief"]
        assert judged.outcome is outcome


def test_a_distance_to_the_kerb_is_not_judged_without_the_level_of_the_paving() -> None:
    judged = walk(tactile_present=True, tactile_offset={"offset": 100})["rd-tactile-offset"]
    assert judged.verdict is Verdict.NOT_CHECKED


def test_a_crowded_footway_is_told_the_width_that_holds_for_crowds() -> None:
    crowded = road(date(2023, 5, 1), crowded=True)
    narrow = walk(crowded, clear_width=1100)["rd-clear-width"]
    assert narrow.decisive is not None
    assert narrow.decisive.required.zh == "≥ 1,800 mm"


def test_an_object_above_the_cane_is_told_the_height_that_is_nearest() -> None:
    for height_mm, required in ((900, "≤ 600 mm"), (1800, "≥ 2,000 mm")):
        judged = walk(overhang=height_mm)["rd-overhang"]
        assert judged.verdict is Verdict.FAIL
        assert [result.required.zh for result in judged.results] == [required]


def test_a_missing_row_of_warning_paving_fails_without_a_distance() -> None:
    walked = walk(OLD_WORKS, kerb_type="other", kerb_tactile={"full_length": False})
    assert walked["rd-kerb-tactile"].outcome is Outcome.BELOW


def test_narrow_warning_paving_is_marked_unverified_and_narrow_guiding_paving_is_advice() -> None:
    warning = walk(tactile_present=True, tactile_width={"guiding": 300, "warning": 250})
    assert warning["rd-tactile-width"].outcome is Outcome.BREACH
    assert warning["rd-tactile-width"].unverified
    guiding = walk(tactile_present=True, tactile_width={"guiding": 200, "warning": 300})
    assert guiding["rd-tactile-width"].outcome is Outcome.ADVICE
    assert not guiding["rd-tactile-width"].unverified


def test_what_blocks_or_breaks_the_way_is_an_upkeep_fault_however_old_the_road() -> None:
    found = {"tactile_present": True, "tactile_occupied": "bike", "tactile_damage": 3}
    for facts in (NEW_WORKS, OLD_WORKS, road()):
        walked = walk(facts, **found, cover_missing=True, furniture_block="bin", works=False)
        for name in ("tactile-occupied", "tactile-damage", "cover-missing", "furniture-block"):
            assert walked[f"rd-{name}"].outcome is Outcome.UPKEEP
        assert walked["rd-works"].outcome is Outcome.UPKEEP
