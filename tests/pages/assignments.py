"""Pages of notices to organisations: the office's, and those that a link opens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask

from audit.accounts.queries import token_hash
from audit.assignments.actions import begin_use, confirm_receipt
from audit.assignments.models import Assignment, AssignmentLink, LinkUse
from audit.assignments.views.sheets import Kept, tray
from audit.core.db import db, transaction
from audit.findings.rules import State
from tests.assignments.sending import Sent, send
from tests.factories import Factory, Person

if TYPE_CHECKING:
    from tests.pages.city import City

Where = Callable[["City"], str]


@dataclass(frozen=True)
class Assigned:
    """A notice that nobody has opened; one whose receipt is confirmed, with the page of its first
    finding and the cookie of a browser that has opened it."""

    sent: Sent
    received: Sent
    asked_page: str
    link: str


def assign(app: Flask, make: Factory, finding: Callable[[State], str], maker: Person) -> Assigned:
    states = (State.DISPATCHED, State.REOPENED)
    sent, received = (send(make, *(finding(state) for state in states)) for _ in range(2))
    tray.put(maker.id, [Kept(received.id, received.secret)], received.id)
    with app.app_context(), transaction() as session:
        found = AssignmentLink.assignment_id == received.id
        token = begin_use(session.scalars(db.select(AssignmentLink).where(found)).one(), "1.2.3.4")
        session.flush()
        confirm_receipt(session.get_one(LinkUse, token_hash(token)), "李四", "13800000000")
        number = session.get_one(Assignment, received.id).items[0].finding.number
    return Assigned(sent, received, f"{received.page}{number}", token)


def at(path: str) -> Where:
    return lambda _city: path


# name: (role, endpoint, where), as in test_pages; the role `link` is a browser that opened one
ASSIGNMENT_PAGES: dict[str, tuple[str, str, Where]] = {
    "notices": ("coordinator", "assignments.index", at("/assignments/")),
    "notices, none": ("department", "assignments.index", at("/assignments/?standing=answered")),
    "notices, preview": (
        "department",
        "assignments.preview",
        at("/assignments/new?whole=1&query=state%3Dall"),
    ),
    "a notice": ("coordinator", "assignments.show", lambda c: f"/assignments/{c.assigned.sent.id}"),
    "a notice, received": (
        "department",
        "assignments.show",
        lambda c: f"/assignments/{c.assigned.received.id}",
    ),
    "a notice on paper": (
        "department",
        "assignments.sheets",
        lambda c: f"/assignments/sheets/{c.assigned.received.id}",
    ),
    "a link, opened": ("", "answering.enter", lambda c: c.assigned.sent.link),
    "a link, signed": ("link", "answering.index", lambda c: c.assigned.received.page),
    "a finding by a link": (
        "link",
        "answering.show",
        lambda c: c.assigned.asked_page,
    ),
    "a link that is shut": ("", "", at(f"/n/{'2' * 52}")),
    "not in the notice": ("link", "", lambda c: f"{c.assigned.received.page}ZY-2026-999999"),
}
