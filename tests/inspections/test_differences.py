"""How far a measured value lies from its limit, in words."""

from datetime import date

import pytest

from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer, FacilityFacts, judge
from audit.inspections.rules import finding_facts

NEW = FacilityFacts(built_on=date(2023, 5, 1))
STALL = {"wc-provision": Answer.of(["male_stall", "female_stall"])}


def missed(item: str, value: object) -> dict[str, dict[str, str]]:
    judged = judge(get_checklist("public-toilet"), {**STALL, item: Answer.of(value)}, NEW)
    [only] = finding_facts(judged[item])["missed"]
    return only  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("item", "value", "zh", "en"),
    [
        ("wc-stall-width", 1400, "比要求少 100 mm", "100 mm less than required"),
        ("wc-basin-height", 860, "比要求多 60 mm", "60 mm more than required"),
        ("wc-call", "seated_only", "", ""),
    ],
)
def test_a_missed_limit_says_how_far_it_was_missed(
    item: str, value: object, zh: str, en: str
) -> None:
    assert missed(item, value)["difference"] == {"zh": zh, "en": en}


def test_only_a_part_of_a_group_has_a_name_beside_the_question() -> None:
    assert missed("wc-stall-width", 1400)["field"] == {"zh": "", "en": ""}
    wet = missed("wc-floor", {"sound": True, "dry": False})
    assert wet["field"]["zh"] == "没有积水"
