"""Findings sent to their organisation, as tests of several rooms need them."""

from dataclasses import dataclass
from uuid import UUID

from audit.assignments.actions import Told, make_assignments
from audit.core.actors import Actor
from audit.core.db import transaction
from audit.core.ids import new_id
from tests.factories import Factory


@dataclass(frozen=True)
class Sent:
    """A notice to an organisation, and the secret of its link."""

    id: UUID
    number: str
    secret: str

    @property
    def link(self) -> str:
        return f"/n/{self.secret}"

    @property
    def page(self) -> str:
        return f"/n/{self.number}/"


def send(make: Factory, *numbers: str, by: Actor | None = None) -> Sent:
    """These findings of one organisation, by its department or by whoever is named."""
    sender = by or make.actor("department", district=None)
    with make.app.app_context():
        rows = {number: make.finding_named(number).last_seq for number in numbers}
        with transaction() as session:
            told = Told("刘科长 028-26110000", "请尽快。")
            made = make_assignments(rows, sender, told, new_id())[0]
            session.flush()
            return Sent(made.assignment.id, made.assignment.number, made.secret)
