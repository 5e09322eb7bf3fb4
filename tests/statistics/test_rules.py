"""Rates as city management counts them, against figures that a city has published."""

import pytest

from audit.findings.rules import Figure
from audit.statistics.rules import Rate, Share, ranking, share, shares

TIANMEN = dict.fromkeys(Figure, 0) | {
    Figure.RECEIVED: 1054, Figure.CONFIRMED: 996, Figure.DUE: 972, Figure.CLOSED: 911,
    Figure.IN_TIME: 737,
}  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "above", "below", "published"),
    [
        (Rate.CONFIRMED, 996, 1054, 94.5),
        (Rate.CLOSED, 911, 972, 93.72),
        (Rate.IN_TIME, 737, 972, 75.82),
    ],
)
def test_the_published_figures_of_tianmen_come_out(
    rate: Rate, above: int, below: int, published: float
) -> None:
    found = share(rate, TIANMEN)
    assert (found.above, found.below) == (above, below)
    assert found.value is not None
    assert abs(found.value * 100 - published) < 0.006


def test_what_is_put_off_is_no_part_of_what_should_have_been_closed() -> None:
    counts = TIANMEN | {Figure.PUT_OFF: 72, Figure.EXTENDED: 9}
    assert share(Rate.CLOSED, counts) == Share(911, 900)
    assert share(Rate.EXTENDED, counts) == Share(9, 972)


def test_nothing_to_count_has_no_rate() -> None:
    nothing = Share(0, 0)
    assert (nothing.value, nothing.percent, nothing.interval()) == (None, "", None)
    assert not nothing.is_small
    assert all(one.value is None for one in shares(dict.fromkeys(Figure, 0)).values())


@pytest.mark.parametrize(
    ("above", "below", "percent"),
    [
        (911, 972, "93.7 %"), (1, 8, "12.5 %"), (1, 3, "33.3 %"), (2, 3, "66.7 %"),
        (5, 5, "100.0 %"), (0, 5, "0.0 %"), (9999, 10000, "99.9 %"), (1, 10000, "0.1 %"),
        (25, 2000, "1.3 %"),
    ],
)  # fmt: skip
def test_a_rate_is_never_rounded_to_all_or_none(above: int, below: int, percent: str) -> None:
    assert Share(above, below).percent == percent


def test_few_cases_are_marked_and_have_a_wide_range() -> None:
    assert [Share(1, count).is_small for count in (1, 19, 20)] == [True, True, False]
    low, high = Share(5, 10).interval() or (0.0, 0.0)
    assert (round(low, 4), round(high, 4)) == (0.2366, 0.7634)  # Wilson (1927), 5 of 10
    assert Share(10, 10).interval() == pytest.approx((0.7225, 1), abs=1e-4)
    assert Share(0, 10).interval() == pytest.approx((0, 0.2775), abs=1e-4)


def test_few_cases_are_not_ranked_and_equal_rates_share_a_place() -> None:
    named = {
        "雁江区": Share(18, 20), "安岳县": Share(90, 100), "乐至县": Share(10, 40),
        "高新区": Share(3, 3), "临空经济区": Share(0, 0),
    }  # fmt: skip
    told = [(one.name, one.place) for one in ranking(named)]
    assert told == [
        ("安岳县", 1), ("雁江区", 1), ("乐至县", 3), ("临空经济区", None), ("高新区", None),
    ]  # fmt: skip
