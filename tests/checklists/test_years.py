"""Works of which only the year or the month is known, before and after a code came into force."""

from datetime import date

import pytest

from audit.checklists.rules import FacilityFacts, Outcome, Works

from .test_judging import width

Span = tuple[date | None, date | None]
YEAR_2022 = (date(2022, 1, 1), date(2022, 12, 31))
MARCH, APRIL = (date(2022, 3, 1), date(2022, 3, 31)), (date(2022, 4, 1), date(2022, 4, 30))


@pytest.mark.parametrize(
    ("built", "altered", "works", "outcome"),
    [
        (YEAR_2022, (None, None), Works.UNKNOWN, Outcome.BELOW),
        ((date(2010, 1, 1), None), YEAR_2022, Works.UNKNOWN, Outcome.BELOW),
        (YEAR_2022, (date(2024, 1, 1), date(2024, 12, 31)), Works.ALTERED, Outcome.BREACH),
        ((date(2021, 1, 1), date(2021, 12, 31)), (None, None), Works.OLD, Outcome.BELOW),
        ((date(2023, 1, 1), date(2023, 12, 31)), (None, None), Works.NEW, Outcome.BREACH),
        (MARCH, (None, None), Works.OLD, Outcome.BELOW),
        (APRIL, (None, None), Works.NEW, Outcome.BREACH),
    ],
)
def test_a_year_that_holds_the_day_of_the_code_is_as_good_as_none(
    built: Span, altered: Span, works: Works, outcome: Outcome
) -> None:
    facts = FacilityFacts(built[0], altered[0], built_by=built[1], altered_by=altered[1])
    assert facts.works is works
    assert width(1199, facts).outcome is outcome


def test_the_year_of_a_law_does_not_say_which_came_first() -> None:
    change = (
        'force = "M1"\nconf = "B"\ncite = ["GB55019 2.3.2"]',
        'force = "L"\nconf = "B"\ncite = ["LAW 23(2)"]',
    )
    only_year = FacilityFacts(date(2023, 1, 1), built_by=date(2023, 12, 31))
    assert width(1, only_year, change).outcome is Outcome.BELOW
    assert width(1, FacilityFacts(date(2023, 10, 1)), change).outcome is Outcome.NONCONFORMING
