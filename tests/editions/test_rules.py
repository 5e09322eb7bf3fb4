"""Which edition is in force, decided without a database."""

from datetime import date
from uuid import uuid4

from audit.editions.rules import (
    Act,
    Ruling,
    coming,
    edition_on,
    first_day,
    is_overtaken,
    is_second_person,
    offered,
)

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
FIRST = Ruling(Act.PUBLISH, "2026.1", MAY)
SECOND = Ruling(Act.PUBLISH, "2026.2", JULY)


def test_without_any_decision_the_newest_is_in_force() -> None:
    assert edition_on(MAY, [], "2026.2") == "2026.2"


def test_an_upgrade_changes_nothing_once_an_edition_is_kept() -> None:
    assert edition_on(JULY, [FIRST], "2026.9") == "2026.1"


def test_what_is_published_holds_from_its_first_day() -> None:
    assert edition_on(JUNE, [FIRST, SECOND], "2026.2") == "2026.1"
    assert edition_on(JULY, [FIRST, SECOND], "2026.2") == "2026.2"
    assert [one.edition for one in coming(JUNE, [FIRST, SECOND])] == ["2026.2"]
    assert coming(JULY, [FIRST, SECOND]) == []


def test_of_two_that_begin_on_one_day_the_one_decided_later_holds() -> None:
    back = Ruling(Act.PUBLISH, "2026.1", JULY)
    assert edition_on(JULY, [FIRST, SECOND, back], "2026.2") == "2026.1"


def test_what_was_decided_later_for_an_earlier_day_gives_way_to_what_begins_after_it() -> None:
    earlier = Ruling(Act.PUBLISH, "2026.3", JUNE)
    assert edition_on(JUNE, [FIRST, SECOND, earlier], "2026.3") == "2026.3"
    assert edition_on(JULY, [FIRST, SECOND, earlier], "2026.3") == "2026.2"


def test_a_retired_list_has_no_edition_until_one_is_published() -> None:
    gone = Ruling(Act.RETIRE, "2026.1", JUNE)
    assert edition_on(MAY, [FIRST, gone], "2026.2") == "2026.1"
    assert edition_on(JUNE, [FIRST, gone], "2026.2") is None
    assert edition_on(JULY, [FIRST, gone, SECOND], "2026.2") == "2026.2"


def test_a_newer_edition_is_news_until_somebody_has_said_something_about_it() -> None:
    assert is_overtaken("2026.2", "2026.1", ["2026.1"])
    assert not is_overtaken("2026.2", "2026.1", ["2026.1", "2026.2"])
    assert not is_overtaken("2026.2", "2026.2", [])
    assert not is_overtaken("2026.2", None, ["2026.1"])


def test_nobody_publishes_their_own_proposal() -> None:
    one, other = uuid4(), uuid4()
    assert is_second_person(one, other)
    assert not is_second_person(one, one)
    assert not is_second_person(one, None)


def test_nothing_holds_from_before_it_was_published() -> None:
    assert first_day(MAY, JUNE) == JUNE
    assert first_day(JULY, JUNE) == JULY


def test_what_is_in_force_is_not_offered_again() -> None:
    assert offered(["2026.2", "2026.1"], "2026.1") == ["2026.2"]
    assert offered(["2026.2", "2026.1"], None) == ["2026.2", "2026.1"]
