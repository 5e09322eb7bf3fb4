"""What visits bring about, for the test of every page: a withdrawn one, a scan with a fault."""

from uuid import UUID

from flask import Flask

from audit.checklists.rules import Answer
from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.core.text import Text
from audit.inspections.actions.withdrawing import withdraw
from audit.inspections.models import Inspection
from audit.webscan.rules.results import Element, Impact, Kind, RuleResult
from tests.factories import Factory


def withdrawn_visit(app: Flask, make: Factory, by: Actor, answers: dict[str, Answer]) -> UUID:
    """A visit that was withdrawn, with what it found."""
    visit = make.inspection(make.toilet(), by, answers)
    with app.app_context(), transaction():
        withdraw(db.session.get_one(Inspection, visit), by, "量的是另一处")
    return visit


def fault(kind: Kind) -> RuleResult:
    message = Text("元素的颜色对比度不足", "Element has insufficient color contrast")
    element = Element(("p",), "<p>浅灰色的字</p>", Impact.SERIOUS, message)
    return RuleResult("color-contrast", kind, Impact.SERIOUS, ("wcag2aa", "wcag143"), (element,))
