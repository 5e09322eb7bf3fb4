"""What a hostile or broken device sends is refused, or kept as the text that it is."""

import json

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.ids import new_id
from audit.inspections.models import Inspection, InspectionReceipt
from tests.factories import Factory
from tests.inspections.device import NARROW, Device, count

HOSTILE = [
    b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"contract": 2}', b'{"contract": NaN}',
    b"[" * 100_000, b'{"a":' * 100_000, b'{"contract": 1, "device": "\\ud800"}',
    b'{"contract": 1e999}', b'{"contract": ' + b"9" * 5000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: repr(raw[:24]))
def test_what_is_not_the_contract_is_refused_and_kept_nowhere(
    app: Flask, device: Device, raw: bytes
) -> None:
    assert device.put(new_id(), raw).status_code == 400
    assert count(app, InspectionReceipt) == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"typed": []}, {"typed": {"x": "y"}}, {"typed": {"x": [1]}}, {"typed": {"a\nb": ["x"]}},
        {"typed": {"note": ["x" * 30_000]}}, {"photos": {}}, {"photos": ["x"]},
        {"photos": [{"item": "a", "sha256": "../../etc/passwd"}]}, {"device": "me"},
        {"counter": 0}, {"counter": True}, {"counter": 2**60}, {"counter": "1"}, {"draft": "yes"},
        {"facility": 5}, {"started_at": []},
    ],
    ids=repr,
)  # fmt: skip
def test_parts_of_another_shape_are_refused(
    app: Flask, device: Device, make: Factory, odd: dict[str, object]
) -> None:
    answer = device.put(new_id(), device.content(make.toilet(), NARROW) | odd)
    assert answer.status_code == 400
    assert count(app, Inspection) == 0


def test_strange_values_are_left_out_or_kept_as_text(
    app: Flask, device: Device, make: Factory
) -> None:
    typed = {**NARROW, "note": ["a\0b<script>'; DROP TABLE inspection; --\u202e"], "kept.x": ["y"]}
    content = device.content(make.toilet(), typed, lon=1e400, lat="north", accuracy_m=-5)
    visit = new_id()
    raw = json.dumps(content).replace("Infinity", "1e400").encode()
    assert device.put(visit, raw).status_code == 400  # no JSON number
    content["lon"] = 999.0
    assert device.put(visit, content).status_code == 201
    with app.app_context():
        filed = db.session.get_one(Inspection, visit)
        assert filed.lon is None and "\0" not in filed.note and "<script>" in filed.note
