from decimal import Decimal

import pytest

from audit.checklists.loader import all_checklists, get_checklist
from audit.checklists.rules import (
    Answer,
    FacilityFacts,
    how_in_steps,
    judge,
    limit_in_words,
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


def limits(list_id: str, item_id: str, language: str) -> list[str]:
    checklist = get_checklist(list_id)
    item = checklist.item(item_id)
    deciding = [one for one in item.limits if not one.is_of_its_time]
    return [limit_in_words(one, item, checklist).in_(language) for one in deciding]


@pytest.mark.parametrize(
    ("where", "zh", "en"),
    [
        (
            "road rd-clear-width",
            "≥ 1,500 mm（建议；人员密集的公共场所为是时除外）",
            "≥ 1,500 mm (advice; unless Crowded public place is yes)",
        ),
        (
            "road rd-overhang",
            "≥ 2,000 mm（这一项不小于 1,300 mm时）",
            "≥ 2,000 mm (if the answer is at least 1,300 mm)",
        ),
        (
            "parking pk-count",
            "无障碍车位：不少于总数的 2 %，至少 2（停车场类别为公共停车场，并且"
            "公共停车场的规模分类为Ⅱ类或Ⅲ类时）",
            "Accessible bays: ≥ 2 % of the total, at least 2 (if Kind of car park is public car "
            "park, and Size class of a public car park is class II or class III)",
        ),
        (
            "public-building pb-seat",
            "轮椅席位：总数 ≤ 100 时 ≥ 1，总数 ≤ 400 时 ≥ 2，再每 200 加 1",
            "Wheelchair spaces: ≥ 1 of ≤ 100, ≥ 2 of ≤ 400, 1 more for each 200 beyond",
        ),
    ],
)
def test_a_limit_is_told_with_its_field_its_force_and_when_it_holds(
    where: str, zh: str, en: str
) -> None:
    list_id, item_id = where.split()
    assert zh in limits(list_id, item_id, "zh")
    assert en in limits(list_id, item_id, "en")


def test_no_two_limits_of_an_item_read_alike() -> None:
    alike = [
        item.id
        for checklist in all_checklists()
        for item in checklist.items
        if len(told := limits(checklist.id, item.id, "zh")) != len(set(told))
    ]
    assert alike == []
