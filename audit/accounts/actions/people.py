"""Accounts and their roles. Whoever acts must stand above what the account may do."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import SYSTEM, Actor, May, Role
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Invalid, NotAllowed
from audit.core.ids import new_id
from audit.journal.actions import record

from ..models import Organisation, RoleGrant, User
from ..queries import actor_of, find_active_user, find_user
from ..rules import PersonDraft, RoleAt, covers, is_above, may_grant, stand_together
from .passwords import end_sessions, give_code, hash_password, set_code

NOT_YOURSELF = _("不能管理自己的账号。请另一位有权限的管理员来做。")
NOT_ABOVE = _("这个账号有您不能授予的角色。请找能授予这些角色的管理员。")
NOT_YOURS = _("您不能在这个范围授予这个角色。")
ALONE_TEXT = _("系统管理员、安全管理员和审计员要各用单独的账号，不能和别的角色合在一个账号里。")
TAKEN = _("这个登录名已经有人使用。")
LAST_ROLE = _("这是最后一个角色。账号不再使用时，请停用它。")


def authority(actor: Actor) -> Actor:
    """The actor as the database knows them now: what they were when the page was opened may have
    been taken away since. Raises `NotAllowed` for a closed account."""
    if actor == SYSTEM:
        return actor
    user = find_active_user(actor.id) if actor.id else None
    if user is None:
        raise NotAllowed
    return actor_of(user)


def add_user(
    login: str,
    name: str,
    grants: Iterable[tuple[Role, str | None]],
    actor: Actor,
    *,
    organisation_id: UUID | None = None,
    password: str | None = None,
) -> tuple[User, str]:
    """Make an account. Returns it and its first password.

    Without `password` a one-time code is made, to be changed at the first sign-in. Raises
    `Invalid` when the login is taken, when somebody who fixes belongs to no organisation, or for
    roles that exclude each other; `NotAllowed` for what the actor may not give.
    """
    giver = authority(actor)
    roles = tuple(RoleAt(role, district) for role, district in grants)
    if find_user(login) is not None:
        raise Invalid({"login": TAKEN})
    user, code = make_user(PersonDraft(login, name, roles, organisation_id), giver, password)
    db.session.flush()
    journal_added(actor, user)
    return user, password or code


def make_user(draft: PersonDraft, giver: Actor, password: str | None = None) -> tuple[User, str]:
    """An account that the next flush saves, and its code ("" with a password). Whoever calls has
    seen that the login is free, and writes the journal."""
    _check_roles(draft.roles, draft.organisation_id)
    if not is_above(giver, draft.roles):
        raise NotAllowed(NOT_YOURS)
    user = User(
        id=new_id(),
        login=draft.login.strip().lower(),
        name=draft.name,
        password_hash=hash_password(password) if password else "",
        active=True,
        created_at=now(),
    )
    _attach(user, draft.organisation_id, giver)
    code = "" if password else set_code(user)
    db.session.add(user)
    user.grants = [
        RoleGrant(id=new_id(), user_id=user.id, role=one.role, district_code=one.district)
        for one in draft.roles
    ]
    return user, code


def journal_added(actor: Actor, user: User) -> None:
    detail = {"login": user.login, "grants": [[one.role, one.district] for one in user.roles()]}
    record(actor, "add", "user", user.id, detail=detail)


def _check_roles(roles: Iterable[RoleAt], organisation_id: UUID | None) -> None:
    held = [one.role for one in roles]
    if not stand_together(held):
        raise Invalid({"role": ALONE_TEXT})
    if Role.ORGANISATION in held and organisation_id is None:
        raise Invalid({"organisation": _("整改单位的账号必须属于一个单位。")})


def _attach(user: User, organisation_id: UUID | None, giver: Actor) -> None:
    """Who belongs to an organisation sees what it must fix, so not everybody may say so."""
    if organisation_id == user.organisation_id:
        return
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is not None:
        if not covers(giver, May.MANAGE_ORGANISATIONS, organisation.district_code):
            raise NotAllowed(NOT_YOURS)
        if not organisation.active:
            raise Invalid({"organisation": _("这个单位已经停用，请选别的单位。")})
    user.organisation_id = organisation_id
    for grant in user.grants:
        if grant.role is Role.ORGANISATION and organisation is not None:
            grant.district_code = organisation.district_code  # who fixes acts where it stands


def _add_role(user: User, one: RoleAt) -> None:
    user.grants.append(
        RoleGrant(id=new_id(), user_id=user.id, role=one.role, district_code=one.district)
    )
    db.session.flush()


def edit_user(user: User, name: str, organisation_id: UUID | None, actor: Actor) -> None:
    """State name and organisation anew; the journal keeps what they were."""
    giver = _above(actor, user)
    before = {"name": user.name, "organisation_id": _text(user.organisation_id)}
    _check_roles(user.roles(), organisation_id)
    user.name = name
    _attach(user, organisation_id, giver)
    after = {"name": user.name, "organisation_id": _text(user.organisation_id)}
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        record(actor, "edit", "user", user.id, detail=changed)


def _text(identifier: UUID | None) -> str | None:
    return str(identifier) if identifier else None


def grant_role(user: User, wanted: RoleAt, actor: Actor) -> None:
    """Give one more role. To give the same again does nothing."""
    giver = authority(actor)
    _not_oneself(giver, user)
    if not may_grant(giver, wanted):
        raise NotAllowed(NOT_YOURS)
    held = user.roles()
    if wanted in held:
        return
    _check_roles([*held, wanted], user.organisation_id)
    _add_role(user, wanted)
    _journal_role(actor, "grant", user, wanted)


def revoke_role(user: User, grant: RoleGrant, actor: Actor) -> None:
    """Take one role away. Every session of the user ends."""
    giver = authority(actor)
    _not_oneself(giver, user)
    taken = RoleAt(grant.role, grant.district_code)
    if not may_grant(giver, taken):
        raise NotAllowed(NOT_YOURS)
    if len(user.grants) == 1:
        raise Invalid({"role": LAST_ROLE}, LAST_ROLE)
    user.grants.remove(grant)
    db.session.delete(grant)
    end_sessions(user)
    _journal_role(actor, "revoke", user, taken)


def _journal_role(actor: Actor, verb: str, user: User, one: RoleAt) -> None:
    detail = {"role": one.role, "district": one.district}
    record(actor, verb, "user", user.id, district=one.district, detail=detail)


def disable_user(user: User, actor: Actor, why: str = "") -> None:
    """The account opens nothing any more; every session of the user ends."""
    _may_close(actor, user)
    user.active = False
    end_sessions(user)
    record(actor, "disable", "user", user.id, why=why)


def enable_user(user: User, actor: Actor, why: str = "") -> None:
    _may_close(actor, user)
    user.active = True
    record(actor, "enable", "user", user.id, why=why)


def reset_password(user: User, actor: Actor) -> str:
    """Give a one-time code in place of the password; every session of the user ends."""
    _above(actor, user)
    code = give_code(user)
    record(actor, "reset_password", "user", user.id)
    return code


def _above(actor: Actor, user: User) -> Actor:
    giver = authority(actor)
    must_stand_above(giver, user)
    return giver


def must_stand_above(giver: Actor, user: User) -> None:
    _not_oneself(giver, user)
    if not is_above(giver, user.roles()):
        raise NotAllowed(NOT_ABOVE)


def _may_close(actor: Actor, user: User) -> None:
    """From above; and the security administrator any account, for that gives nobody anything."""
    giver = authority(actor)
    _not_oneself(giver, user)
    if Role.SECURITY not in giver.roles() and not is_above(giver, user.roles()):
        raise NotAllowed(NOT_ABOVE)


def _not_oneself(giver: Actor, user: User) -> None:
    if giver.id == user.id:
        raise NotAllowed(NOT_YOURSELF)
