"""The link of a notice goes to its organisation by mail or SMS, in the act that makes it: no later
act could, for its secret is kept nowhere."""

from collections.abc import Collection, Mapping

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import here
from audit.core.settings import settings
from audit.notices.actions import post
from audit.notices.queries import open_channels
from audit.notices.rules import Channel, Letter, mobile_in
from audit.web.addresses import is_local

from ..models import Assignment, AssignmentLink
from ..rules import BODIES, SUBJECT
from .noting import note


def page_of(assignment: Assignment) -> str:
    """Where the office sees what became of a notice."""
    return f"/assignments/{assignment.id}"


def reachable(organisation: Organisation) -> Mapping[Channel, str]:
    """Where a link can be sent; nowhere while our own address opens on this machine alone."""
    known = {Channel.MAIL: organisation.mail, Channel.SMS: mobile_in(organisation.phone)}
    if is_local(settings().public_url):
        return {}
    return {one: known[one] for one in open_channels() if known[one]}


def post_link(
    assignment: Assignment,
    link: AssignmentLink,
    secret: str,
    by: Collection[Channel],
    actor: Actor,
) -> None:
    """By those of the channels that reach the organisation."""
    where = reachable(assignment.organisation)
    chosen = [one for one in where if one in by]
    if not chosen or actor.id is None:
        return
    letters = [_letter(assignment, link, secret, one, where[one]) for one in chosen]
    post(letters, page_of(assignment), actor.id)
    note(assignment, "send_link", actor, channels=[str(one) for one in chosen])


def _letter(
    assignment: Assignment, link: AssignmentLink, secret: str, channel: Channel, to: str
) -> Letter:
    language = settings().default_language
    words = {
        "number": assignment.number,
        "count": len(assignment.items),
        "due": assignment.receipt_due,
        "organisation": assignment.organisation.name,
        "until": f"{here(link.expires_at):%Y-%m-%d}",
        "contact": assignment.contact,
    }
    subject = SUBJECT.in_(language).format(**words)
    body = BODIES[channel].in_(language).format(**words)
    return Letter(channel, to, subject, body, f"/n/{secret}", language)
