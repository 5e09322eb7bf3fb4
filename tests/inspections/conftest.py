"""A supervisor's browser, and forms as it sends them."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit.core.ids import new_id
from audit.photos.drawing import Scene, drawn_photo
from tests.careful import CarefulClient
from tests.factories import Factory, Person

if TYPE_CHECKING:
    from tests.inspections.device import Device

BLIND = "我看不见，由陪同人确认"


def picture(seed: int = 1, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(drawn_photo(Scene.TOILET, seed, (240, 180))), name


class Visitor:
    """A person with a browser who fills in forms."""

    def __init__(self, person: Person, browser: CarefulClient) -> None:
        self.person = person
        self.browser = browser
        self.token = browser.token("/help")

    def file(
        self, place: UUID | None, answers: dict[str, Any], inspection_id: UUID | None = None,
        **more: Any,
    ) -> TestResponse:  # fmt: skip
        """Send the long form of a public toilet; without pictures, it says why."""
        fields = {
            "csrf_token": self.token,
            "action": "file",
            "facility": str(place),
            "checklist": "public-toilet",
            "no_photo_reason": BLIND,
        }
        return self._send(inspection_id, {**fields, **answers, **more})

    def recheck(
        self, number: str, answers: dict[str, Any], inspection_id: UUID | None = None, **more: Any
    ) -> TestResponse:
        fields = {"csrf_token": self.token, "action": "file", "verifies": number}
        return self._send(inspection_id, {**fields, **answers, **more})

    def _send(self, inspection_id: UUID | None, fields: dict[str, Any]) -> TestResponse:
        kept = {name: value for name, value in fields.items() if value is not None}
        return self.browser.post(
            f"/inspections/{inspection_id or new_id()}", data=kept,
            content_type="multipart/form-data",
        )  # fmt: skip


@pytest.fixture
def visitor(app: Flask, make: Factory) -> Callable[..., Visitor]:
    """`visitor()` is a supervisor; `visitor("coordinator", district=…)` is another person."""

    def come(role: str = "supervisor", **facts: Any) -> Visitor:
        person = make.person(role, **facts)
        browser: CarefulClient = app.test_client()  # type: ignore[assignment]
        browser.hold(make.session_of(person))
        return Visitor(person, browser)

    return come


@pytest.fixture
def device(visitor: Callable[..., Visitor]) -> "Device":
    """A supervisor's, that speaks the sync contract."""
    from tests.inspections.device import Device

    return Device(visitor().browser)
