"""What is put off, or is no case after all, through the real steps of its life."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from audit.core.clock import HERE, at
from audit.core.db import db, transaction
from audit.findings import actions
from audit.findings.actions import Told
from audit.findings.models import Finding
from audit.findings.queries import FindingFilter, find_seen, list_findings
from audit.findings.rules import Ending, Figure, Milestones, Span, State, Verb
from audit.statistics.queries import NONE, By, count_figures
from audit.statistics.rules import Counts
from tests.statistics.town import START, Town, day

MARCH, APRIL, MAY = (Span(date(2026, month, 1), date(2026, month, 1)) for month in (3, 4, 5))
YEAR = Span(date(2026, 1, 1), date(2026, 12, 1))
DUE = [Figure.DUE, Figure.PUT_OFF, Figure.CLOSED, Figure.IN_TIME, Figure.UNCLOSED, Figure.EXTENDED]


def counted(town: Town, span: Span, days: int = 290) -> Counts:
    """Each figure, which is as long as the list behind it."""
    with at(START + timedelta(days=days)), town.make.app.app_context():
        [row] = count_figures(town.office, FindingFilter(), span, By.DISTRICT).values() or [NONE]
        for figure, number in row.items():
            chosen = FindingFilter(figure=figure, span=span)
            assert list_findings(town.office, chosen)[1] == number, figure
        return row


def due_of(town: Town, span: Span, days: int = 290) -> list[int]:
    found = counted(town, span, days)
    return [found[figure] for figure in DUE]


def is_late_on(number: str, town: Town) -> date:
    due = town.row(number).fix_due_at
    assert due
    return due.astimezone(HERE).date()


def test_planned_works_are_no_extension(town: Town) -> None:
    number = town.dispatched()
    town.act(number, 10, Verb.PROGRAMME, "department", until=200)
    row = town.row(number)
    assert is_late_on(number, town) == day(31), "as before it was put off"
    assert row.due_at and row.due_at.astimezone(HERE).date() == day(201), "the page shows the plan"
    assert due_of(town, APRIL, days=20) == [0] * 6, "not due yet"
    assert due_of(town, APRIL) == [1, 1, 0, 0, 0, 0], "due and put off: out of the denominator"
    assert due_of(town, YEAR) == [1, 1, 0, 0, 0, 0], "and in no other month"


@pytest.mark.parametrize("put_off", [State.PROGRAMMED, State.SUBSTITUTED])
def test_what_is_resumed_counts_again_with_a_time_of_its_own(town: Town, put_off: State) -> None:
    number = town.dispatched()
    _put_off(town, number, 10, put_off)
    town.act(number, 40, Verb.RESUME, "department")
    assert is_late_on(number, town) == day(71)
    assert due_of(town, APRIL) == [0] * 6
    assert due_of(town, MAY) == [1, 0, 0, 0, 1, 0]
    town.fix(number, 60)
    town.recheck(number, 80, Verb.PASS_RECHECK)
    assert due_of(town, MAY) == [1, 0, 1, 1, 0, 0]


@pytest.mark.parametrize("put_off", [State.PROGRAMMED, State.SUBSTITUTED])
def test_what_was_late_before_it_was_put_off_stays_late(town: Town, put_off: State) -> None:
    number = town.dispatched()
    _put_off(town, number, 40, put_off)
    town.act(number, 50, Verb.RESUME, "department")
    assert is_late_on(number, town) == day(31)
    assert due_of(town, APRIL) == [1, 0, 0, 0, 1, 0]
    town.fix(number, 55)
    town.recheck(number, 56, Verb.PASS_RECHECK)
    assert town.row(number).ending is Ending.LATE
    assert due_of(town, APRIL) == [1, 0, 1, 0, 0, 0]


def _put_off(town: Town, number: str, days: int, state: State) -> None:
    if state is State.PROGRAMMED:
        town.act(number, days, Verb.PROGRAMME, "department", until=days + 100)
    else:
        town.act(number, days, Verb.ASK_SUBSTITUTE, "fixer")
        town.act(number, days, Verb.GRANT_SUBSTITUTE, "department")
    assert town.row(number).state is state


def test_what_was_programmed_before_anybody_was_named_is_not_due(town: Town) -> None:
    number = town.confirmed()
    town.act(number, 1, Verb.PROGRAMME, "department", until=60)
    assert town.row(number).fix_due_at is None
    assert counted(town, YEAR)[Figure.DUE] == 0
    town.act(number, 90, Verb.RESUME, "department")
    assert town.row(number).state is State.CONFIRMED
    town.act(number, 91, Verb.DISPATCH, "department")
    assert counted(town, YEAR)[Figure.DUE] == 1


def test_only_time_that_was_granted_is_an_extension(town: Town) -> None:
    asked, refused, granted = (town.dispatched() for _ in range(3))
    for number in (asked, refused, granted):
        town.act(number, 5, Verb.ASK_TIME, "fixer", until=40)
    town.act(refused, 6, Verb.REFUSE_TIME, "department")
    town.act(granted, 6, Verb.GRANT_TIME, "department", until=40)
    assert counted(town, YEAR)[Figure.EXTENDED] == 1
    assert is_late_on(granted, town) == day(41)
    assert is_late_on(asked, town) == is_late_on(refused, town) == day(31)


def test_an_objection_that_holds_leaves_no_case(town: Town) -> None:
    number = town.dispatched()
    town.fix(number, 3)
    town.recheck(number, 4, Verb.FAIL_RECHECK)
    town.act(number, 40, Verb.CONTEST, "fixer")
    town.act(number, 41, Verb.UPHOLD, "department")
    _is_no_case(town, number)
    town.act(number, 50, Verb.RECONSIDER, "office")
    assert town.row(number).milestones() == Milestones(), "it waits to be confirmed again"


def test_what_is_not_accepted_is_no_case(town: Town) -> None:
    number = town.found()
    town.act(number, 1, Verb.REJECT, "office")
    _is_no_case(town, number)


def test_what_is_withdrawn_is_no_case(town: Town) -> None:
    number = town.confirmed()
    finder = replace(town.judge, id=town.row(number).found_by_id)
    town.then(number, 1, lambda one: actions.act(one, Verb.WITHDRAW, finder, Told("看错了")))
    _is_no_case(town, number)


def test_what_is_merged_counts_once_and_again_when_it_is_taken_apart(town: Town) -> None:
    one, main = town.confirmed(), town.dispatched()
    with town.make.app.app_context(), transaction():
        twin = town.make.finding_named(one)
        twin.facility_id = town.make.finding_named(main).facility_id
        twin.rule_id = "another"

    def merge(finding: Finding) -> None:
        told = Told("同一处", main=find_seen(main, town.office))
        actions.act(finding, Verb.MERGE, town.office, told)

    town.then(one, 2, merge)
    assert town.row(one).milestones() == Milestones()
    found = counted(town, YEAR)
    assert (found[Figure.RECEIVED], found[Figure.CONFIRMED], found[Figure.DUE]) == (2, 1, 1)
    town.act(one, 3, Verb.UNMERGE, "office")
    town.act(one, 3, Verb.CONFIRM, "office")
    town.act(one, 3, Verb.DISPATCH, "department")
    found = counted(town, YEAR)
    assert (found[Figure.RECEIVED], found[Figure.CONFIRMED], found[Figure.DUE]) == (2, 2, 2)


def _is_no_case(town: Town, number: str) -> None:
    assert town.row(number).milestones() == Milestones()
    found = counted(town, YEAR)
    assert found == NONE | {Figure.RECEIVED: 1}
    with town.make.app.app_context():
        assert list(actions.strayed_milestones()) == []
        assert db.session.scalar(db.select(Finding.due_at)) is None


def test_everything_that_is_kept_follows_from_the_events(town: Town) -> None:
    """Whatever befell them, by the events alone."""
    late, soon, back = (town.dispatched() for _ in range(3))
    _put_off(town, late, 40, State.PROGRAMMED)
    town.act(late, 50, Verb.RESUME, "department")
    _put_off(town, soon, 10, State.PROGRAMMED)
    town.act(soon, 40, Verb.RESUME, "department")
    _put_off(town, back, 10, State.SUBSTITUTED)
    with at(datetime(2026, 12, 1, tzinfo=HERE)), town.make.app.app_context():
        assert list(actions.strayed_milestones()) == []
