"""Findings that were dispatched on one day, and what people did with them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from audit.core.clock import HERE, at
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.findings import actions
from audit.findings.actions import Recheck, Told
from audit.findings.models import Finding
from audit.findings.rules import Verb
from tests.factories import Factory

START = datetime(2026, 3, 2, 10, tzinfo=HERE)  # S2: due 30 days after dispatch, on 1 April


class Town:
    """Findings of one organisation, dispatched on 2 March, and what became of them."""

    def __init__(self, make: Factory) -> None:
        self.make, self.owner = make, make.organisation("市政维护一公司")
        self.fixer = make.actor("organisation", organisation=self.owner)
        self.judge = make.actor("supervisor", district=None)
        self.office = make.actor("coordinator", district=None)
        self.department = make.actor("department", district=None)

    def found(self, **facts: str) -> str:
        with at(START):
            return self.make.finding(**facts)  # type: ignore[arg-type]

    def confirmed(self, **facts: str) -> str:
        number = self.found(**facts)
        self.act(number, 0, Verb.CONFIRM, "office")
        return number

    def dispatched(self, **facts: str) -> str:
        number = self.confirmed(**facts)
        self.act(number, 0, Verb.DISPATCH, "department")
        return number

    def then(self, number: str, days: int, act: Callable[[Finding], object]) -> None:
        with (
            at(START + timedelta(days=days)),
            self.make.app.app_context(),
            transaction(),
        ):
            act(self.make.finding_named(number))

    def fix(self, number: str, days: int) -> None:
        with at(START + timedelta(days=days)):
            photo = self.make.photo(self.fixer, seed=days)
        self.then(number, days, lambda one: actions.report_fixed(one, self.fixer, "已改", [photo]))

    def recheck(self, number: str, days: int, verb: Verb) -> None:
        seen = Recheck(new_id(), verb, no_photo_reason="看过")
        self.then(number, days, lambda one: actions.recheck(one, self.judge, seen))

    def row(self, number: str) -> Finding:
        with self.make.app.app_context():
            return self.make.finding_named(number)

    def act(self, number: str, days: int, verb: Verb, who: str, until: int | None = None) -> None:
        """A step by its name, with whatever it asks for; `until`: so many days after the start."""
        told = Told("因为", self.owner, day(until) if until else None)
        self.then(number, days, lambda one: actions.act(one, verb, getattr(self, who), told))


def day(days: int) -> date:
    return (START + timedelta(days=days)).date()
