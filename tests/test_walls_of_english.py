"""What holds for every English text: one word for a finding, and no "1 facilities"."""

import re

import pytest
from babel.messages.pofile import read_po

from audit.core.text import Text
from audit.maps.texts import FACILITIES, FINDINGS
from audit.policy.rules import DAYS
from tests.test_walls_of_templates import ENGLISH

MEASURE_WORDS = "个处项人天次页条张行位秒分"
COUNTED = re.compile(rf"%\((\w+)\)s ?[{MEASURE_WORDS}]")
LIMITS = {"most", "least"}  # never one
NO_NOUN = {"was", "is", "has", "this", "less", "as", "its"}
# What a person typed or a file holds that cannot be taken; the platform's own failure is an error.
FORM_ERRORS = re.compile(r"[Rr]ows (?:with|have) problems|^With problems$")


def texts() -> list[tuple[str, str]]:
    """Chinese and English of the catalogue and of the maps."""
    with ENGLISH.open("rb") as file:
        said = [(str(one.id), str(one.string)) for one in read_po(file, locale="en") if one.id]
    return said + [pair for maps in (FINDINGS, FACILITIES) for pair in maps.words.values()]


def disagrees(chinese: str, english: str) -> bool:
    """A count stands bare before a plural: wrong where the count is one."""
    for name in set(COUNTED.findall(chinese)) - LIMITS:
        for after in re.findall(rf"%\({name}\)s((?: [A-Za-z-]+){{1,3}})", english):
            words = after.split()
            if words[0] in {"are", "have", "were"} or any(
                word == "people" or (word.endswith("s") and word not in NO_NOUN) for word in words
            ):
                return True
    return False


@pytest.mark.parametrize(
    ("chinese", "english", "wrong"),
    [
        ("共 %(total)s 处", "%(total)s facilities", True),
        ("共 %(total)s 人", "%(total)s new people", True),
        ("已登记 %(count)s 处。", "%(count)s are registered.", True),
        ("共 %(total)s 处", "Facilities: %(total)s", False),
        ("最多 %(most)s 个字。", "At most %(most)s characters.", False),
        ("%(name)s 共享", "%(name)s shares", False),
    ],
)
def test_a_bare_number_before_a_plural_is_told(chinese: str, english: str, wrong: bool) -> None:
    assert disagrees(chinese, english) is wrong


def test_no_number_stands_bare_before_a_plural() -> None:
    assert [english for pair in texts() if disagrees(*pair) for english in pair[1:]] == []


def test_a_finding_is_called_a_finding() -> None:
    """`problem` is for what cannot be taken of a form or a file."""
    odd = [
        english
        for _chinese, english in texts()
        if re.search(r"\bproblems?\b", FORM_ERRORS.sub("", english), re.IGNORECASE)
    ]
    assert odd == []


def test_a_unit_agrees_with_its_number() -> None:
    assert [DAYS.after(one, "en") for one in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert DAYS.after(1, "zh") == "1 天"
    assert Text("百分点", "percentage points").after(0.5, "en") == "0.5 percentage points"


def test_a_value_that_stands_alone_takes_a_capital() -> None:
    assert Text("公厕", "public toilet").alone("en") == "Public toilet"
    assert Text("公厕", "public toilet").alone("zh") == "公厕"
