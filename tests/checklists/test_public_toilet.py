"""Whole visits to a toilet, where one answer decides about others; the rest are examples."""

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

TOILET = get_checklist("public-toilet")
NEW = FacilityFacts(built_on=date(2023, 5, 1))
OLD = FacilityFacts(built_on=date(2015, 6, 1))
SECTIONS = ["entrance", "provision", "way", "stall", "room", "seat", "call", "basin", "service"]
STALL = {"wc-turning", "wc-stall-length", "wc-stall-width", "wc-stall-door"}
ROOM = {"wc-room-area", "wc-room-turn", "wc-room-door", "wc-room-fit"}
RAMP = {"wc-ramp-slope", "wc-ramp-width", "wc-ramp-handrail"}
UNVERIFIED = {
    *("wc-grab-transfer", "wc-grab-l", "wc-grab-l-vert", "wc-flush", "wc-paper", "wc-call"),
    *("wc-urinal", "wc-basin-height", "wc-mirror", "wc-third"),
}


def typed(answers: dict[str, object]) -> dict[str, Answer]:
    return {
        f"wc-{name.replace('_', '-')}": value if isinstance(value, Answer) else Answer.of(value)
        for name, value in answers.items()
    }


def visit(facts: FacilityFacts = NEW, **answers: object) -> dict[str, Judgement]:
    """Judged with the default tolerances; ramp_width=1200 answers wc-ramp-width."""
    return judge(TOILET, typed(answers), facts)


def asked(**answers: object) -> set[str]:
    return {item.id for item in asked_items(TOILET, typed(answers), NEW)}


def test_a_toilet_is_asked_forty_questions_from_the_door_inwards() -> None:
    assert len(TOILET.items) == 40
    assert [section.id for section in TOILET.sections] == SECTIONS
    order = [SECTIONS.index(item.section) for item in TOILET.items]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("level", {"wc-entrance-slope"}),
        ("steps_ramp", RAMP),
        ("steps_lift", set()),
        ("steps_only", set()),
    ],
)
def test_the_form_of_the_entrance_decides_what_is_measured_there(
    form: str, shown: set[str]
) -> None:
    assert asked(entrance_type=form) & (RAMP | {"wc-entrance-slope"}) == shown


@pytest.mark.parametrize(
    ("units", "shown"),
    [
        (["room"], ROOM),
        (["male_stall", "female_stall"], STALL),
        (["room", "female_stall"], ROOM | STALL),
        (["third"], {"wc-third"}),
        (["none"], set()),
        ([], set()),
    ],
)
def test_only_units_that_exist_are_measured(units: list[str], shown: set[str]) -> None:
    assert asked(provision=units) & (STALL | ROOM | {"wc-third"}) == shown


def test_where_there_is_nothing_only_the_way_in_is_asked() -> None:
    left = asked(entrance_type="level", provision=["none"])
    assert left == {
        *("wc-entrance-type", "wc-entrance-slope", "wc-threshold", "wc-provision"),
        *("wc-door-width", "wc-door-force", "wc-floor"),
    }


def test_a_urinal_is_asked_of_the_mens_part_only() -> None:
    assert "wc-urinal" in asked(provision=["male_stall"])
    assert "wc-urinal" not in asked(provision=["female_stall", "room"])


def test_a_call_is_tried_only_where_there_is_one() -> None:
    for call in ("both", "seated_only", "out_of_reach"):
        assert "wc-call-works" in asked(provision=["room"], call=call)
    assert "wc-call-works" not in asked(provision=["room"], call="none")
    assert "wc-call-works" not in asked(provision=["room"])


def test_a_slope_just_over_its_limit_is_looked_at_again() -> None:
    judged = visit(entrance_type="level", entrance_slope="5.2")
    assert judged["wc-entrance-slope"].verdict is Verdict.SECOND_LOOK
    judged = visit(entrance_type="level", entrance_slope="5.21")
    assert judged["wc-entrance-slope"].verdict is Verdict.FAIL


def test_a_steeper_ramp_of_small_rise_passes_on_a_clause_to_be_checked() -> None:
    ramp = visit(entrance_type="steps_ramp", ramp_slope={"slope": 9, "rise": 100})
    assert (ramp["wc-ramp-slope"].verdict, ramp["wc-ramp-slope"].outcome) == (
        Verdict.PASS,
        Outcome.ADVICE,
    )
    assert ramp["wc-ramp-slope"].unverified
    gentle = visit(entrance_type="steps_ramp", ramp_slope={"slope": 8, "rise": 100})
    assert gentle["wc-ramp-slope"].outcome is None
    assert not gentle["wc-ramp-slope"].unverified


@pytest.mark.parametrize(
    ("built_on", "outcome", "met_rule_of_its_time"),
    [
        (date(2023, 5, 1), Outcome.BREACH, None),
        (date(2015, 6, 1), Outcome.BELOW, True),
        (None, Outcome.BELOW, None),
    ],
)
def test_a_stall_1400_mm_wide_fails_and_its_age_says_what_that_means(
    built_on: date | None, outcome: Outcome, met_rule_of_its_time: bool | None
) -> None:
    facts = FacilityFacts(built_on=built_on)
    judged = visit(facts, provision=["male_stall", "female_stall"], stall_width=1400)
    width = judged["wc-stall-width"]
    assert (width.verdict, width.outcome) == (Verdict.FAIL, outcome)
    assert [one.text.zh for one in width.citations] == ["GB 55019-2021 第3.2.2(1)条"]
    assert [one.text.en for one in width.citations] == ["GB 55019-2021, 3.2.2(1)"]
    assert width.met_rule_of_its_time is met_rule_of_its_time
    assert not width.unverified
    assert width.decisive is not None
    assert (width.decisive.measured.zh, width.decisive.required.zh) == ("1,400 mm", "≥ 1,500 mm")


def test_a_stall_of_the_older_rule_is_below_todays_code_and_met_its_own() -> None:
    stall = visit(OLD, provision=["male_stall", "female_stall"], stall_width=1200)
    assert stall["wc-stall-width"].outcome is Outcome.BELOW
    assert stall["wc-stall-width"].met_rule_of_its_time is True


def test_a_locked_toilet_is_a_fault_of_upkeep_however_new() -> None:
    assert visit(NEW, provision=["room"], usable="locked")["wc-usable"].outcome is Outcome.UPKEEP


def test_a_broken_platform_lift_is_a_fault_of_upkeep_and_no_missing_entrance() -> None:
    broken = visit(NEW, entrance_type="out_of_use")["wc-entrance-type"]
    assert (broken.verdict, broken.outcome) == (Verdict.FAIL, Outcome.UPKEEP)
    assert [str(one) for one in broken.citations] == ["LAW 26", "GB55019 5.0.5"]
    assert visit(NEW, entrance_type="steps_only")["wc-entrance-type"].outcome is Outcome.BREACH


def test_nothing_in_the_room_can_be_answered_and_fails() -> None:
    room = visit(NEW, provision=["room"], room_fit=["none"])["wc-room-fit"]
    assert room.outcome is Outcome.BREACH


def test_a_call_that_only_the_seated_reach_rests_on_a_clause_to_be_checked() -> None:
    seated = visit(provision=["room"], call="seated_only")["wc-call"]
    none = visit(provision=["room"], call="none")["wc-call"]
    assert (seated.outcome, seated.unverified) == (Outcome.BREACH, True)
    assert (none.outcome, none.unverified) == (Outcome.BREACH, False)
    assert [str(one) for one in none.citations] == ["GB55019 3.1.4"]


def test_our_own_suggestion_bears_no_clause() -> None:
    call = visit(provision=["room"], call="both", call_works={"answered": True, "after": 300})[
        "wc-call-works"
    ]
    assert (call.verdict, call.outcome, call.citations) == (Verdict.PASS, Outcome.ADVICE, ())


def test_the_items_whose_number_is_not_confirmed_are_marked() -> None:
    judged = judge(TOILET, {}, NEW)
    assert {name for name, one in judged.items() if one.unverified} == UNVERIFIED
