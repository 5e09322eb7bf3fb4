"""What a finding is called: one name for each item that can fail, in both languages."""

import pytest

from audit.checklists.loader import all_checklists
from audit.checklists.rules import Checklist, Item

LISTS = pytest.mark.parametrize("checklist", all_checklists(), ids=lambda one: one.id)


def judged(checklist: Checklist) -> list[Item]:
    return [item for item in checklist.items if item.limits]


@LISTS
def test_every_item_that_can_fail_names_its_failure_and_no_other(checklist: Checklist) -> None:
    named = [item.id for item in checklist.items if item.problem]
    assert named == [item.id for item in judged(checklist)]


@LISTS
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_items_of_a_list_share_a_name(checklist: Checklist, language: str) -> None:
    names = [item.problem.in_(language) for item in judged(checklist) if item.problem]
    assert len(set(names)) == len(names)


@LISTS
def test_a_name_is_no_question(checklist: Checklist) -> None:
    for item in judged(checklist):
        assert item.problem is not None
        assert item.problem != item.ask
        assert not item.problem.zh.endswith(("吗", "呢", "多少"))
