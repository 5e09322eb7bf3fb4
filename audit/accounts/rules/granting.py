"""Who may give which role to whom, and where.

The graded protection scheme (GB/T 22239-2019, level 3) wants three administrators that watch each
other: one runs the system and makes the working accounts, one decides who administers, one reads
what both have done. So nobody in this table gives the own role, and the three never share an
account with each other or with daily work.
"""

from collections.abc import Iterable, Mapping

from audit.core.actors import SYSTEM, Actor, May, Role

from .people import RoleAt

ALONE = frozenset({Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR})
_WORKING = frozenset(Role) - ALONE

GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: _WORKING,
    Role.SECURITY: ALONE,
    Role.COORDINATOR: frozenset({Role.SUPERVISOR, Role.ORGANISATION}),
}


def may_grant(giver: Actor, wanted: RoleAt) -> bool:
    """Whether one of the giver's roles gives this one, there. The system itself gives any."""
    if giver == SYSTEM:
        return True
    return any(
        wanted.role in GRANTS.get(own.role, frozenset())
        and (own.districts is None or wanted.district in own.districts)
        for own in giver.grants
    )


def grantable_roles(giver: Actor) -> list[Role]:
    """What the giver may give somewhere, in the order of `Role`."""
    given = frozenset().union(*[GRANTS.get(own.role, frozenset()) for own in giver.grants])
    return [role for role in Role if role in given]


def is_above(giver: Actor, held: Iterable[RoleAt]) -> bool:
    """Whether the giver could give everything that somebody holds.

    Whoever hands out a code could use it: so only from above, or a code would lend its giver
    what they do not have.
    """
    return all(may_grant(giver, one) for one in held)


def stand_together(roles: Iterable[Role]) -> bool:
    """Whether one account may hold them all."""
    held = set(roles)
    return len(held) <= 1 or not held & ALONE


def covers(actor: Actor, what: May, district: str | None) -> bool:
    """Whether the actor may do `what` in a district; None: in the whole city at once."""
    if actor == SYSTEM:
        return True
    if district is None:
        return actor.may(what) and actor.districts_for(what) is None
    return actor.may(what, district)
