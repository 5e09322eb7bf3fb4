from typing import Any

from flask import Flask

from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.findings import actions
from audit.findings.actions import Failure
from audit.findings.rules import Source
from tests.factories import Factory


def several(app: Flask, make: Factory, count: int, **facts: Any) -> list[str]:
    """Numbers of fresh findings at one place, each under a rule of its own."""
    with app.app_context():
        place, found_by = make.toilet(**facts), make.actor("supervisor", **facts)
        with transaction():
            failures = [
                Failure(Source.INSPECTION, f"rule-{n}", Text("门太窄", "Narrow"), "S2", "x", "x")
                for n in range(count)
            ]
            found = actions.open_findings(
                db.session.get_one(Facility, place), failures, found_by, new_id()
            )
            return sorted(one.number for one in found.values())
