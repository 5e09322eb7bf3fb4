"""Edits of one inspection that arrive in any order, twice, or never, against a small model."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.db import db
from audit.core.ids import new_id
from audit.inspections.models import Inspection
from tests.factories import Factory
from tests.inspections.device import NARROW, Device

STEPS = st.tuples(st.sampled_from(["edit", "finish", "arrives"]), st.integers(0, 9))


@dataclass
class Model:
    """What the server should hold: the newest that came before it was filed."""

    note: str = ""
    counter: int = 0
    filed: str = ""

    def receive(self, content: dict[str, Any]) -> int:
        note, is_draft = content["typed"]["note"][0], content["draft"]
        if self.filed:
            return 200 if note == self.filed else 409
        if content["counter"] < self.counter:
            return 409
        self.note, self.counter = note, content["counter"]
        if is_draft:
            return 202
        self.filed = note
        return 201


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=2, max_size=12))
def test_whatever_the_order_the_newest_before_the_filing_stands(
    app: Flask, make: Factory, device: Device, steps: list[tuple[str, int]]
) -> None:
    place, visit, model = make.toilet(), new_id(), Model()
    written: list[dict[str, Any]] = []
    for what, which in steps:
        if what == "arrives" and written:
            content = written[which % len(written)]
            assert device.put(visit, content).status_code == model.receive(content)
        elif what != "arrives":
            typed = {**NARROW, "note": [f"version {len(written)}"]}
            written.append(device.content(place, typed, draft=what == "edit"))
    assert held(app, visit) == (model.note, bool(model.filed))


def held(app: Flask, visit: UUID) -> tuple[str, bool]:
    with app.app_context():
        kept = db.session.get(Inspection, visit)
        return ("", False) if kept is None else (kept.note, kept.filed_at is not None)
