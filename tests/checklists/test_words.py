from decimal import Decimal

import pytest

from audit.checklists.loader import get_checklist
from audit.checklists.rules import (
    Answer,
    FacilityFacts,
    how_in_steps,
    judge,
    number_in_words,
    relevance_in_words,
)

TOILET = get_checklist("public-toilet")


@pytest.mark.parametrize(
    ("number", "words"),
    [("1500", "1,500"), ("8.330", "8.33"), ("5.0", "5"), ("0", "0"), ("0.5", "0.5"), ("10", "10")],
)
def test_numbers_have_no_needless_zeros(number: str, words: str) -> None:
    assert number_in_words(Decimal(number)) == words


def decisive(item_id: str, value: object, **others: object) -> tuple[str, str, str, str]:
    answers = {name.replace("_", "-"): Answer.of(one) for name, one in others.items()} | {
        item_id: Answer.of(value)
    }
    result = judge(TOILET, answers, FacilityFacts())[item_id].decisive
    assert result is not None
    return result.measured.zh, result.required.zh, result.measured.en, result.required.en


def test_a_length_is_told_in_millimetres() -> None:
    assert decisive("wc-door-width", 750) == ("750 mm", "≥ 800 mm", "750 mm", "≥ 800 mm")


def test_a_slope_is_told_also_as_a_ratio() -> None:
    told = decisive("wc-ramp-slope", {"slope": 10, "rise": 300}, wc_entrance_type="steps_ramp")
    assert told == ("10 %（1:10）", "≤ 8.33 %（1:12）", "10 % (1:10)", "≤ 8.33 % (1:12)")


def test_a_range_is_told_with_both_ends() -> None:
    answer = {"above_seat": 200, "length": 700}
    told = decisive("wc-grab-transfer", answer, wc_provision=["room"])
    assert told == ("200 mm", "250–350 mm", "200 mm", "250–350 mm")


def test_a_choice_is_told_by_its_labels() -> None:
    told = decisive("wc-room-door", "inward", wc_provision=["room"])
    assert told == ("往里开", "推拉或往外开", "Inward", "Sliding or Outward")


def test_several_choices_are_told_as_a_list() -> None:
    _measured, required, _en, english = decisive("wc-room-fit", [], wc_provision=["room"])
    assert required == "应全部具备：坐便器、洗手盆、多功能台、低位挂衣钩、救助呼叫装置"
    assert english.startswith("all of: Toilet seat, Basin")


def test_what_was_left_out_is_said_to_be() -> None:
    told = decisive("wc-floor", {"sound": True})
    assert (told[0], told[2]) == ("未填", "left out")


def test_relevance_is_told_in_words() -> None:
    item = TOILET.item("wc-entrance-slope")
    assert (
        relevance_in_words(item, TOILET, "zh")
        == "仅当“公厕的出入口是哪一种？”为“平坡，没有台阶”时填写。"
    )
    assert relevance_in_words(item, TOILET, "en") == (
        "Only if “What kind of entrance does the toilet have?” is “Level, no steps”."
    )


def test_an_item_that_is_always_asked_has_no_such_words() -> None:
    assert relevance_in_words(TOILET.item("wc-floor"), TOILET, "zh") == ""


def test_two_conditions_are_joined() -> None:
    words = relevance_in_words(TOILET.item("wc-call-works"), TOILET, "zh")
    assert "”，并且“救助呼叫装置" in words
    assert "为“有，但坐着够不到”或“只有坐着够得到”或“坐着和倒在地上都够得到”" in words


def test_how_is_told_in_steps_without_numbers() -> None:
    assert how_in_steps(TOILET.item("wc-room-turn"), "zh") == [
        "关上门，在里面转一转 1.5 m 测量杆，或铺开折叠圆盘。",
        "转不开的，用卷尺量能放下的最大圆的直径，单位 mm。",
    ]
    assert len(how_in_steps(TOILET.item("wc-room-turn"), "en")) == 2
