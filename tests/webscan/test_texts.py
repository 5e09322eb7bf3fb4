"""Rules and criteria in plain words."""

import json
import re

from audit.webscan.rules.criteria import all_criteria, criteria_of
from audit.webscan.rules.locale import VENDORED
from audit.webscan.rules.texts import all_rule_texts, find_rule_text

AXE_RULES = set(
    json.loads((VENDORED / "locales" / "_template.json").read_text(encoding="utf-8"))["rules"]
)


def test_the_common_rules_have_texts_of_our_own() -> None:
    texts = all_rule_texts()
    assert len(texts) >= 60
    assert set(texts) <= AXE_RULES, "a rule that axe-core does not have"
    assert find_rule_text("no-such-rule") is None


def test_every_text_is_complete_in_both_languages() -> None:
    for rule, text in all_rule_texts().items():
        for words in (text.why, text.fix):
            assert re.search("[一-鿿]", words.zh), rule
            assert words.en.isprintable(), rule
            assert not re.search("[“”‘’]", words.en), f"{rule}: Chinese fonts stretch these"
            assert not re.search("[一-鿿]", words.en), rule
            assert words.zh.endswith("。"), rule
            assert words.en.endswith("."), rule
        assert text.groups, rule
        assert set(text.groups) <= {"mobility", "vision", "hearing", "elderly"}, rule
        assert bool(text.wrong) == bool(text.right), rule
        assert text.wrong != text.right or not text.wrong, rule


def test_there_are_the_fifty_five_criteria_of_levels_a_and_aa() -> None:
    levels = [criterion.level for criterion in all_criteria().values()]
    assert (levels.count("A"), levels.count("AA")) == (31, 24)
    assert "4.1.1" not in all_criteria(), "withdrawn in WCAG 2.2"


def test_criteria_are_read_from_the_tags_of_a_rule() -> None:
    tags = ("cat.color", "wcag2aa", "wcag143", "TTv5", "EN-9.1.4.3")
    assert [(one.number, one.name.zh) for one in criteria_of(tags)] == [("1.4.3", "对比度（最低）")]
    assert [one.number for one in criteria_of(("wcag1412", "wcag244"))] == ["1.4.12", "2.4.4"]
    assert criteria_of(("best-practice", "wcag22aa", "wcag21a")) == []
