"""What a device sends of an inspection, read strictly: JSON becomes the form that a page sends."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.actors import Actor
from audit.core.errors import AuditError, NotSignedIn
from audit.inspections.actions.receipts import Delivery
from audit.inspections.forms import uuid_or_none
from audit.photos.forms import told_capture

CONTRACT = 1
MOST_NAMES, MOST_VALUES, LONGEST = 3000, 60, 20_000
NAME = re.compile(r"[A-Za-z0-9._-]{1,199}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
TEXTS = ("facility", "verifies", "checklist", "edition", "started_at")
PLACE = ("lon", "lat", "accuracy_m")


class Unreadable(AuditError):
    """Not our contract. Nothing was kept; the device keeps all."""

    message = _("服务器读不懂这份检查，没有收下。内容仍在手机里；请更新采集页面后再发送。")


@dataclass(frozen=True)
class SentInspection:
    """`form` is what a page would have posted, without pictures; `photos` names those by item and
    SHA-256."""

    delivery: Delivery
    form: MultiDict[str, str]
    photos: tuple[tuple[str, str], ...]
    is_draft: bool


def read_inspection() -> SentInspection:
    """Of the request. Raises `Unreadable`."""
    told = read_json(request.get_data())
    if told.get("contract") != CONTRACT:
        raise Unreadable
    content = {key: told.get(key) for key in (*TEXTS, *PLACE, "typed", "photos", "draft")}
    form = MultiDict(_typed(told.get("typed")))
    for name in TEXTS:
        form[name] = _text(told.get(name, ""))
    for name in PLACE:
        form[name] = _degrees(told.get(name))
    is_draft = told.get("draft", False)
    if not isinstance(is_draft, bool):
        raise Unreadable
    return SentInspection(_delivery(told, content), form, _photos(told.get("photos")), is_draft)


def check_sender(actor: Actor) -> None:
    """A page that was opened by one person must not send under the sign-in of the next one."""
    if request.headers.get("Capture-Person") not in (None, str(actor.id)):
        raise NotSignedIn


def read_json(raw: bytes) -> Mapping[str, Any]:
    """An object that is JSON by its standard: no NaN, no endless depth, no half characters."""
    try:
        told = json.loads(raw.decode(), parse_constant=_refuse)
        json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(told, dict):
        raise Unreadable
    return told


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _delivery(told: Mapping[str, Any], content: Mapping[str, Any]) -> Delivery:
    device, counter = uuid_or_none(_text(told.get("device", ""))), told.get("counter")
    if device is None or isinstance(counter, bool) or not isinstance(counter, int):
        raise Unreadable
    if not 0 < counter < 2**53:
        raise Unreadable
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Delivery(
        digest=hashlib.sha256(plain.encode()).hexdigest(),
        content=json.loads(plain.replace("\\u0000", "")),
        device=device,
        counter=counter,
        told_at=told_capture({"taken_at": _text(told.get("sent_at", ""))}).taken_at,
    )


def _typed(told: object) -> list[tuple[str, str]]:
    if not isinstance(told, dict) or len(told) > MOST_NAMES:
        raise Unreadable
    pairs: list[tuple[str, str]] = []
    for name, values in told.items():
        if not NAME.fullmatch(name) or not isinstance(values, list) or len(values) > MOST_VALUES:
            raise Unreadable
        pairs += [(name, _text(one)) for one in values if not name.startswith("kept.")]
    return pairs


def _photos(told: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(told, list) or len(told) > MOST_NAMES:
        raise Unreadable
    return tuple(_photo(one) for one in told)


def _photo(told: object) -> tuple[str, str]:
    if not isinstance(told, dict):
        raise Unreadable
    item, digest = told.get("item"), told.get("sha256")
    if not isinstance(item, str) or not isinstance(digest, str):
        raise Unreadable
    if not NAME.fullmatch(item) or not DIGEST.fullmatch(digest):
        raise Unreadable
    return item, digest


def _text(told: object) -> str:
    if told is None:
        return ""
    if not isinstance(told, str) or len(told) > LONGEST:
        raise Unreadable
    return told.replace("\0", "")


def _degrees(told: object) -> str:
    """A number as the form has it; what is none counts for nothing, as there."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        return ""
    return f"{told:.7f}"
