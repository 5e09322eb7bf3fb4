"""Who may give which role to whom: the table, and what holds for every entry in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.accounts.rules import (
    ALONE,
    GRANTS,
    RoleAt,
    grantable_roles,
    is_above,
    is_credit_code,
    may_grant,
    stand_together,
)
from audit.core.actors import PERMISSIONS, SYSTEM, Actor, Grant, May, Role
from audit.core.ids import new_id
from tests.factories import ANYUE, YANJIANG


def actor(role: Role, *districts: str) -> Actor:
    return Actor(new_id(), "某人", (Grant(role, frozenset(districts) or None),))


def test_nobody_gives_the_role_that_they_hold_except_who_watches() -> None:
    """A security administrator may name another one; else the last one could never go."""
    assert {giver for giver, gifts in GRANTS.items() if giver in gifts} == {Role.SECURITY}


def test_who_gives_roles_may_manage_people_and_the_other_way_round() -> None:
    assert set(GRANTS) == {role for role in Role if May.MANAGE_PEOPLE in PERMISSIONS[role]}


def test_every_role_can_be_given_by_somebody() -> None:
    assert frozenset().union(*GRANTS.values()) == set(Role)


def test_work_and_oversight_are_given_by_different_people() -> None:
    for giver, gifts in GRANTS.items():
        assert gifts <= ALONE or not gifts & ALONE, giver


def test_a_coordinator_gives_what_stands_below_and_only_at_home() -> None:
    own = actor(Role.COORDINATOR, YANJIANG)
    assert grantable_roles(own) == [Role.SUPERVISOR, Role.ORGANISATION]
    assert may_grant(own, RoleAt(Role.SUPERVISOR, YANJIANG))
    for wanted in (
        RoleAt(Role.SUPERVISOR, ANYUE), RoleAt(Role.SUPERVISOR, None),
        RoleAt(Role.COORDINATOR, YANJIANG), RoleAt(Role.DEPARTMENT, YANJIANG),
        RoleAt(Role.ADMINISTRATOR, None), RoleAt(Role.SECURITY, YANJIANG),
    ):  # fmt: skip
        assert not may_grant(own, wanted), wanted


def test_a_role_without_the_right_lends_nothing_to_one_with_it() -> None:
    """A department of the whole city that coordinates one county gives roles in that county."""
    both = Actor(
        new_id(), "某人",
        (Grant(Role.DEPARTMENT), Grant(Role.COORDINATOR, frozenset({YANJIANG}))),
    )  # fmt: skip
    assert not may_grant(both, RoleAt(Role.SUPERVISOR, ANYUE))


ROLE_AT = st.builds(RoleAt, st.sampled_from(Role), st.sampled_from([None, YANJIANG, ANYUE]))


@given(st.sampled_from(Role), st.sampled_from([(), (YANJIANG,)]), st.lists(ROLE_AT, max_size=3))
def test_what_is_given_reaches_no_further_than_its_giver(
    role: Role, districts: tuple[str, ...], held: list[RoleAt]
) -> None:
    giver = actor(role, *districts)
    if held and is_above(giver, held):
        assert role in GRANTS
        assert all(one.district in districts for one in held) or not districts
        assert role is Role.SECURITY or not {one.role for one in held} & ALONE


def test_the_system_gives_anything_and_a_person_of_its_name_nothing() -> None:
    everything = [RoleAt(role, None) for role in Role]
    assert is_above(SYSTEM, everything)
    assert not is_above(Actor(new_id(), "system"), everything[:1])


@pytest.mark.parametrize(
    ("roles", "together"),
    [
        ((), True), ((Role.SECURITY,), True), ((Role.SECURITY, Role.SECURITY), True),
        ((Role.SUPERVISOR, Role.COORDINATOR), True), ((Role.SECURITY, Role.AUDITOR), False),
        ((Role.ADMINISTRATOR, Role.SUPERVISOR), False), ((Role.AUDITOR, Role.PLANNER), False),
    ],
)  # fmt: skip
def test_the_three_administrators_share_an_account_with_nothing(
    roles: tuple[Role, ...], together: bool
) -> None:
    assert stand_together(roles) is together


GOOD = "91350100M000100Y43"  # the example of the standard


def test_a_credit_code_is_checked_by_its_last_sign() -> None:
    assert is_credit_code(GOOD)
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for place in range(18):
        for sign in signs:
            if sign != GOOD[place]:
                assert not is_credit_code(GOOD[:place] + sign + GOOD[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "9", GOOD.lower(), GOOD + "3", "９" + GOOD[1:], GOOD[:8] + "I" + GOOD[9:]]
)
def test_what_is_no_credit_code_is_none(text: str) -> None:
    assert not is_credit_code(text)
