"""The link of a notice: made, extended, revoked, used."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from flask_babel import lazy_gettext as _

from audit.accounts.queries import token_hash
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, NotAllowed, TooManyTries
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.notices.actions import withdraw
from audit.notices.rules import Channel

from ..models import Assignment, AssignmentLink, LinkUse
from ..queries import uses_since
from ..rules import is_open, network_prefix, new_secret, secret_hash
from .noting import note
from .posting import page_of, post_link

OPENINGS_AN_HOUR = 60


def reissue(
    assignment: Assignment, actor: Actor, secret: str = "", by: Collection[Channel] = ()
) -> str:
    """A new link, whose secret is returned; every one before it is revoked. The demonstration
    alone brings a `secret` of its own."""
    _check_may(assignment, actor)
    _revoke(assignment)
    note(assignment, "reissue", actor)
    return new_link(assignment, actor, secret, by)


def extend(assignment: Assignment, actor: Actor) -> AssignmentLink:
    """The link stays open for the full time from today on. Raises `Conflict` where none is."""
    _check_may(assignment, actor)
    link = open_link(assignment)
    if link is None:
        raise Conflict(_("链接已经过期或停用，不能再延长。请换发一个新链接。"))
    link.expires_at = now() + timedelta(days=settings().link_days)
    note(assignment, "extend", actor, until=link.expires_at.isoformat())
    return link


def revoke(assignment: Assignment, actor: Actor) -> None:
    """Nobody gets in any more, at once."""
    _check_may(assignment, actor)
    if open_link(assignment) is None:
        raise Conflict(_("链接已经过期或停用。"))
    _revoke(assignment)
    note(assignment, "revoke", actor)


def open_link(assignment: Assignment) -> AssignmentLink | None:
    """The one by which the organisation gets in now."""
    moment = now()
    living = (one for one in assignment.links if is_open(one.expires_at, one.revoked_at, moment))
    return next(living, None)


def _revoke(assignment: Assignment) -> None:
    withdraw(page_of(assignment))
    for link in assignment.links:
        link.revoked_at = link.revoked_at or now()


def new_link(
    assignment: Assignment, actor: Actor, secret: str = "", by: Collection[Channel] = ()
) -> str:
    """`by`: how it is sent to the organisation as well."""
    made = secret or new_secret()
    link = AssignmentLink(
        id=new_id(),
        secret_hash=secret_hash(made),
        made_at=now(),
        made_by_id=actor.id,
        made_by_name=actor.name,
        expires_at=now() + timedelta(days=settings().link_days),
    )
    assignment.links.append(link)
    db.session.flush()
    post_link(assignment, link, made, by, actor)
    return made


def _check_may(assignment: Assignment, actor: Actor) -> None:
    if not actor.may(May.ASSIGN, assignment.district_code):
        raise NotAllowed


def begin_use(link: AssignmentLink, address: str | None, before: LinkUse | None = None) -> str:
    """The token of a use, which only the browser keeps. That a link was opened confirms nothing.

    `before`: the use of the same browser, which ends; who signed there need not sign again.
    Raises `TooManyTries` where something opens it again and again.
    """
    if uses_since(link.id, timedelta(hours=1)) >= OPENINGS_AN_HOUR:
        raise TooManyTries(600)
    token = secrets.token_urlsafe(32)
    use = LinkUse(
        token_hash=token_hash(token),
        link_id=link.id,
        opened_at=now(),
        network=network_prefix(address),
    )
    if before is not None:
        use.signer_name, use.signer_phone = before.signer_name, before.signer_phone
        leave(before)
    db.session.add(use)
    return token


def leave(use: LinkUse) -> None:
    use.ended_at = now()
