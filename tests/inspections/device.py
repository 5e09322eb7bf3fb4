"""A device that speaks the sync contract, without a browser."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from audit.checklists.loader import get_checklist
from audit.core.db import db
from audit.core.ids import new_id
from tests.careful import CarefulClient
from tests.inspections.conftest import BLIND

JSON = {"Accept": "application/json"}
NARROW = {"wc-provision": ["male_stall"], "wc-stall-width": ["1400"]}


@dataclass
class Device:
    browser: CarefulClient | FlaskClient
    id: UUID = field(default_factory=new_id)
    counter: int = 0
    token: str = ""
    person: str = ""

    def content(
        self, place: UUID | None, typed: dict[str, list[str]], **more: Any
    ) -> dict[str, Any]:
        self.counter += 1
        told = {
            "contract": 1,
            "device": str(self.id),
            "counter": self.counter,
            "sent_at": "2026-11-24T08:00:00+08:00",
            "facility": str(place or ""),
            "checklist": "public-toilet",
            "edition": get_checklist("public-toilet").edition,
            "started_at": "2026-11-24T07:50:00+08:00",
            "typed": {"no_photo_reason": [BLIND], **typed},
            "photos": [],
        }
        return told | more

    def put(self, inspection_id: UUID, content: object) -> TestResponse:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.browser.put(
            f"/capture/zh/inspections/{inspection_id}",
            data=raw, content_type="application/json", headers=JSON | self._proof(),
        )  # fmt: skip

    def state(self, digest: str) -> TestResponse:
        return self.browser.get(f"/capture/photos/{digest}", headers=JSON)

    def piece(
        self, photo: bytes, place: UUID, offset: int, end: int | None = None, **more: str
    ) -> TestResponse:
        headers = {
            "Upload-Offset": str(offset),
            "Upload-Length": str(len(photo)),
            "Photo-About": json.dumps({"facility": str(place), "taken_at": "2026-11-24T07:55:00Z"}),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        return self.browser.patch(
            f"/capture/photos/{hash_of(photo)}", data=photo[offset:end],
            content_type="application/octet-stream", headers=JSON | self._proof() | headers,
        )  # fmt: skip

    def _proof(self) -> dict[str, str]:
        if not self.token:
            self.token = self.browser.get("/capture/me", headers=JSON).get_json()["csrf_token"]
        named = {"Capture-Person": self.person} if self.person else {}
        return {"X-CSRFToken": self.token, **named}


def hash_of(photo: bytes) -> str:
    return hashlib.sha256(photo).hexdigest()


def named(photo: bytes, item: str = "wc-stall-width") -> dict[str, Any]:
    return {"item": item, "sha256": hash_of(photo), "size": len(photo)}


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(table)) or 0
