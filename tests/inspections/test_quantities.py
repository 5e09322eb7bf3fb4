"""Numbers as people write them in the field, in the unit that the checklist asks for."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit.checklists.rules import Unit
from audit.inspections.rules import parse_quantity

READ: list[tuple[str, Unit | None, str]] = [
    ("1400", Unit.MM, "1400"), ("1400mm", Unit.MM, "1400"), ("1,400 mm", Unit.MM, "1400"),
    ("1，400毫米", Unit.MM, "1400"), ("1.4m", Unit.MM, "1400"), ("1.4 M", Unit.MM, "1400"),
    ("1.4米", Unit.MM, "1400"), ("140厘米", Unit.MM, "1400"), ("140 cm", Unit.MM, "1400"),
    ("140公分", Unit.MM, "1400"), ("１４００", Unit.MM, "1400"), ("１．４ｍ", Unit.MM, "1400"),
    ("㎜", Unit.MM, ""), ("1400㎜", Unit.MM, "1400"), ("140㎝", Unit.MM, "1400"),
    ("  1400  ", Unit.MM, "1400"), ("0", Unit.MM, "0"), ("0.5 mm", Unit.MM, "0.5"),
    ("9999999", Unit.MM, "9999999"), ("12,345,678", Unit.MM, ""),
    ("8.3", Unit.PERCENT, "8.3"), ("8.3%", Unit.PERCENT, "8.3"), ("8.3％", Unit.PERCENT, "8.3"),
    ("1:12", Unit.PERCENT, "8.33"), ("1：12", Unit.PERCENT, "8.33"), ("1∶20", Unit.PERCENT, "5.00"),
    ("1/8", Unit.PERCENT, "12.50"), ("1 : 12.5", Unit.PERCENT, "8.00"),
    ("1:0.5", Unit.PERCENT, "200.00"),
    ("25", Unit.NEWTON, "25"), ("25N", Unit.NEWTON, "25"), ("25牛", Unit.NEWTON, "25"),
    ("90", Unit.SECOND, "90"), ("90秒", Unit.SECOND, "90"), ("1.5分", Unit.SECOND, "90"),
    ("4", Unit.SQUARE_METRE, "4"), ("4㎡", Unit.SQUARE_METRE, "4"),
    ("4 m²", Unit.SQUARE_METRE, "4"),
    ("4平方米", Unit.SQUARE_METRE, "4"), ("3个", None, "3"), ("3 处", None, "3"), ("３", None, "3"),
]  # fmt: skip
NONE: list[tuple[str, Unit | None]] = [
    ("", Unit.MM), ("abc", Unit.MM), ("-5", Unit.MM), ("－5", Unit.MM), ("1e9", Unit.MM),
    ("1E3", Unit.MM), ("NaN", Unit.MM), ("inf", Unit.MM), ("Infinity", Unit.MM), ("0x10", Unit.MM),
    ("1_400", Unit.MM), ("1.4.0", Unit.MM), ("1,4", Unit.MM), ("1,4 m", Unit.MM),
    ("14,00", Unit.MM),
    ("1,400,5", Unit.MM), ("1400-1500", Unit.MM), ("约1400", Unit.MM), ("1400 左右", Unit.MM),
    ("+5", Unit.MM), ("5 kg", Unit.MM), ("5%", Unit.MM), ("1:12", Unit.MM), ("1.00001", Unit.MM),
    ("99999999", Unit.MM), ("1" * 10_000, Unit.MM), (".5", Unit.MM), ("5.", Unit.MM),
    ("½", Unit.MM),
    ("1:0", Unit.PERCENT), ("1:0.0", Unit.PERCENT), ("2:12", Unit.PERCENT), ("1:-12", Unit.PERCENT),
    ("5°", Unit.PERCENT), ("8.3‰", Unit.PERCENT), ("1:", Unit.PERCENT), (":12", Unit.PERCENT),
    ("1:12:3", Unit.PERCENT), ("25 kN", Unit.NEWTON), ("1分30秒", Unit.SECOND), ("3 mm", None),
    ("三", None), ("٣٣ x", None), ("1400\x00", Unit.MM), ("1 400", Unit.MM), ("1 4 mm", Unit.MM),
]  # fmt: skip
READABLE = [case for case in READ if case[2]]
LENGTHS = {"": 1, "mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "公分": 10, "m": 1000, "米": 1000}
FULL = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
numbers = st.decimals(min_value=0, max_value=999_999, places=2)


@pytest.mark.parametrize(("text", "unit", "value"), READABLE)
def test_a_quantity_is_read(text: str, unit: Unit | None, value: str) -> None:
    assert parse_quantity(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit"), [*NONE, *((text, unit) for text, unit, value in READ if not value)],
    ids=lambda value: ascii(value)[:30],
)  # fmt: skip
def test_what_is_no_quantity_is_none(text: str, unit: Unit | None) -> None:
    assert parse_quantity(text, unit) is None


@given(numbers, st.sampled_from(sorted(LENGTHS)), st.sampled_from(["", " ", "\u3000"]))
def test_every_spelling_of_a_length_gives_the_same_millimetres(
    number: Decimal, unit: str, blank: str
) -> None:
    assume(unit or number >= 10 or "." not in str(number))  # a bare 1.4 is asked about
    expected = number * LENGTHS[unit]
    for text in (f"{number}{blank}{unit}", f"{number:,}{blank}{unit}", f"{number}{unit.upper()}"):
        assert parse_quantity(text, Unit.MM) == expected
        assert parse_quantity(text.translate(FULL), Unit.MM) == expected


@given(st.integers(min_value=1, max_value=9999), st.sampled_from([":", "：", "∶", "/", " : "]))
def test_a_ratio_is_a_slope(divisor: int, sign: str) -> None:
    slope = parse_quantity(f"1{sign}{divisor}", Unit.PERCENT)
    assert slope is not None
    assert abs(slope - Decimal(100) / divisor) <= Decimal("0.005")


@given(st.text(max_size=30), st.sampled_from([*Unit, None]))
def test_no_text_is_an_error_and_no_quantity_is_negative_or_endless(
    text: str, unit: Unit | None
) -> None:
    value = parse_quantity(text, unit)
    if value is not None:
        assert value.is_finite() and value >= 0
        assert any(sign.isdigit() for sign in text)


@given(numbers)
def test_what_is_shown_is_read_again(number: Decimal) -> None:
    for unit in (*Unit, None):
        shown = f"{number} mm" if unit is Unit.MM else str(number)
        assert parse_quantity(shown, unit) == number


@pytest.mark.parametrize("text", ["1.40", "0.8", "2.05", "９.5"])
def test_a_bare_decimal_off_a_tape_is_asked_about_and_not_taken_for_millimetres(text: str) -> None:
    assert parse_quantity(text, Unit.MM) is None
    assert parse_quantity(f"{text} mm", Unit.MM) is not None
    assert parse_quantity(f"{text} m", Unit.MM) is not None
