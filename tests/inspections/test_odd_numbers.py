"""Signs that stand for numbers and are none of those that people measure with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.checklists.rules import Unit
from audit.inspections.rules import parse_quantity


@pytest.mark.parametrize("text", ["5³", "1400²", "①②", "½", "⑩", "²", "1²3", "4 m³", "4 ㎝²"])
def test_a_raised_or_circled_digit_is_no_digit(text: str) -> None:
    for unit in (*Unit, None):
        assert parse_quantity(text, unit) is None, unit


@pytest.mark.parametrize("text", ["4 m²", "４ｍ²", "4 M²", "4㎡", "4m2", "4平方米"])
def test_a_square_metre_is_written_in_many_ways(text: str) -> None:
    assert parse_quantity(text, Unit.SQUARE_METRE) == 4
    assert parse_quantity(text, Unit.MM) is None


@given(st.integers(0, 9999), st.characters(categories=["No"]), st.booleans())
def test_no_such_sign_changes_a_number(number: int, sign: str, before: bool) -> None:
    text = f"{sign}{number}" if before else f"{number}{sign}"
    for unit in (*Unit, None):
        assert parse_quantity(text, unit) is None
