"""The lists hold every item of the register of clauses, as sure of each as it is."""

from collections import Counter

from audit.checklists.loader import all_checklists, get_checklist
from audit.checklists.rules import FACTS, Force, Item
from audit.standards.rules import Confidence

BRANCHING = {"pb-door-kinds", "pb-level-kinds", "pb-service-kinds", "hr-needs"}
BUILT = {
    "road": 40,
    "public-toilet": 40,
    "public-building": 70,  # ten of them for one kind of building each
    "bus-stop": 13,
    "parking": 14,
    "park": 15,
    "residential": 15,
    "home": 15,
}


def items(checklist_id: str) -> list[Item]:
    return [one for one in get_checklist(checklist_id).items if one.id not in BRANCHING]


def test_each_list_has_its_items_222_in_all() -> None:
    assert {name: len(items(name)) for name in BUILT} == BUILT
    assert sum(BUILT.values()) == 222


def test_buildings_have_ten_branches_and_five_further_kinds_for_disabled_people() -> None:
    branches = "hospital school culture sport transport finance post commerce tourism catering"
    further = "special_school rehabilitation day_care welfare employment"
    assert {*branches.split(), *further.split()} <= set(FACTS["branch"].values)


def test_what_no_scanner_and_no_tape_finds_has_its_lists() -> None:
    least = {"website": 30, "app": 20, "kiosk": 12, "service-hall": 12, "event": 8, "sample": 6}
    judged = {name: sum(bool(item.limits) for item in get_checklist(name).items) for name in least}
    assert all(judged[name] >= count for name, count in least.items()), judged


def test_no_item_is_surer_of_its_clause_than_the_register() -> None:
    sure = Counter(item.conf for name in BUILT for item in items(name))
    assert sure == {
        Confidence.SEEN: 139,  # one with a part that is from memory, marked at its limit
        Confidence.SEEN_IN_OLDER_CODE: 8,
        Confidence.SEEN_IN_DIGEST: 46,
        Confidence.VALUE_FROM_MEMORY: 22,  # two with a part that was seen
        Confidence.SECONDARY: 7,
    }


def test_no_home_is_ever_in_breach_or_opens_a_finding() -> None:
    forces = {limit.force for item in items("home") for limit in item.limits}
    assert forces == {Force.REFERENCE}


def test_what_was_found_under_an_older_edition_can_still_be_asked() -> None:
    older, today = get_checklist("public-building", "2026.1"), get_checklist("public-building")
    assert older.edition != today.edition
    assert {item.id for item in older.items} < {item.id for item in today.items}


def test_ids_are_used_once_over_all_lists() -> None:
    ids = [item.id for checklist in all_checklists() for item in checklist.items]
    assert len(ids) == len(set(ids))
