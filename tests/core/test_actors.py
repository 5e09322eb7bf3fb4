"""What a role may do, and where."""

import pytest

from audit.core.actors import PERMISSIONS, SYSTEM, Actor, Grant, May, Role
from audit.core.ids import new_id

YANJIANG, ANYUE = "512002", "512021"


def actor(*grants: Grant) -> Actor:
    return Actor(new_id(), "某人", grants)


def test_every_role_has_its_permissions_written_down() -> None:
    assert set(PERMISSIONS) == set(Role)
    granted = frozenset().union(*PERMISSIONS.values())
    assert granted == set(May), "a permission that no role has opens nothing"


def test_a_grant_reaches_its_districts_and_no_other() -> None:
    person = actor(Grant(Role.SUPERVISOR, frozenset({YANJIANG})))
    assert person.may(May.INSPECT) and person.may(May.INSPECT, YANJIANG)
    assert not person.may(May.INSPECT, ANYUE)
    assert person.districts_for(May.INSPECT) == {YANJIANG}


def test_a_grant_without_district_is_for_the_whole_city() -> None:
    person = actor(Grant(Role.SUPERVISOR))
    assert person.may(May.INSPECT, ANYUE)
    assert person.districts_for(May.INSPECT) is None


def test_a_role_in_one_district_lends_nothing_to_another_role_elsewhere() -> None:
    person = actor(
        Grant(Role.DEPARTMENT, frozenset({YANJIANG})), Grant(Role.SUPERVISOR, frozenset({ANYUE}))
    )
    assert person.may(May.DISPATCH, YANJIANG) and not person.may(May.DISPATCH, ANYUE)
    assert person.may(May.INSPECT, ANYUE) and not person.may(May.INSPECT, YANJIANG)
    assert person.districts_for(May.SEE_FINDINGS) == {YANJIANG, ANYUE}


def test_nobody_may_do_anything_without_a_grant() -> None:
    assert not any(actor().may(what) for what in May)
    assert actor().districts_for(May.SEE_FINDINGS) == frozenset()
    assert not any(SYSTEM.may(what) for what in May)


@pytest.mark.parametrize(
    ("roles", "only"),
    [
        ((Role.ORGANISATION,), True),
        ((Role.ORGANISATION, Role.SECURITY), True),
        ((Role.ORGANISATION, Role.SUPERVISOR), False),
        ((Role.SUPERVISOR,), False),
        ((Role.SECURITY,), False),
        ((), False),
    ],
)
def test_who_sees_only_what_their_own_organisation_must_fix(
    roles: tuple[Role, ...], only: bool
) -> None:
    person = actor(*(Grant(role) for role in roles))
    assert person.only_own_organisation(May.SEE_FINDINGS) is only


def test_nobody_both_fixes_and_rechecks_by_role() -> None:
    for role, allowed in PERMISSIONS.items():
        assert not {May.REPORT_FIXED, May.RECHECK} <= allowed, role


def test_what_guards_accounts_and_what_concerns_the_work_is_set_by_different_people() -> None:
    for what, who in (
        (May.CHOOSE_SETTINGS, Role.ADMINISTRATOR), (May.CHOOSE_SECURITY, Role.SECURITY),
    ):  # fmt: skip
        assert {role for role in Role if what in PERMISSIONS[role]} == {who}


def test_administrators_security_and_auditors_are_three_kinds_of_people() -> None:
    """The graded protection scheme (GB/T 22239-2019) separates them at level 3."""
    manage = {May.MANAGE_PEOPLE, May.MANAGE_ORGANISATIONS}
    with_people = {role for role in Role if manage & PERMISSIONS[role]}
    with_journal = {role for role in Role if May.SEE_JOURNAL in PERMISSIONS[role]}
    assert with_people == {Role.SECURITY, Role.ADMINISTRATOR, Role.COORDINATOR}
    assert with_journal == {Role.SECURITY, Role.AUDITOR}
    assert not manage & PERMISSIONS[Role.AUDITOR], "who reads the record changes nothing"
