"""Short messages through the HTTP gateway that the settings name."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from audit.core.settings import Settings

from ..actions import Parcel
from .letters import short_text
from .outside import NotSent, ask

PLACES = ("phone", "text", "secret")


def send(parcel: Parcel, settings: Settings) -> None:
    """Raises `NotSent`."""
    if not settings.sms_url:
        raise NotSent("no gateway is set", for_good=True)
    words = {
        "phone": parcel.to,
        "text": short_text(parcel, settings),
        "secret": settings.sms_secret.get_secret_value(),
    }
    url, body, headers = request_for(settings, words)
    answer = ask(url, settings.sms_method, body, headers, settings.notice_allow)
    if not 200 <= answer.status < 300 or settings.sms_success not in answer.text:
        told = answer.text.replace(words["secret"], "…") if words["secret"] else answer.text
        raise NotSent(f"{answer.status} {parcel.kept_back(told)[:200]}")


def request_for(settings: Settings, words: Mapping[str, str]) -> tuple[str, bytes, dict[str, str]]:
    """Address, body and headers. The template is taken apart first and its values filled in then,
    so that no text can add a field of its own."""
    headers: dict[str, str] = {}
    if settings.sms_header:
        name, _, value = settings.sms_header.partition(":")
        headers[name.strip()] = filled(value.strip(), {"secret": words["secret"]})
    if settings.sms_format == "json":
        try:
            template = json.loads(settings.sms_template)
        except ValueError:
            raise NotSent("TANTU_SMS_TEMPLATE is no JSON", for_good=True) from None
        body = json.dumps(_each(template, words), ensure_ascii=False).encode()
        return settings.sms_url, body, headers | {"Content-Type": "application/json"}
    pairs = parse_qsl(settings.sms_template, keep_blank_values=True)
    form = urlencode([(name, filled(value, words)) for name, value in pairs])
    if settings.sms_method == "GET":
        mark = "&" if "?" in settings.sms_url else "?"
        return settings.sms_url + mark + form, b"", headers
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    return settings.sms_url, form.encode(), headers | {"Content-Type": kind}


def filled(template: str, words: Mapping[str, str]) -> str:
    """In one pass: what is filled in is not looked through again."""
    found, rest = "", template
    while rest:
        places = [(rest.find("{" + name + "}"), name) for name in PLACES if name in words]
        at, name = min(((at, name) for at, name in places if at >= 0), default=(-1, ""))
        if at < 0:
            break
        found += rest[:at] + words[name]
        rest = rest[at + len(name) + 2 :]
    return found + rest


def _each(template: Any, words: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return filled(template, words)
    if isinstance(template, list):
        return [_each(one, words) for one in template]
    if isinstance(template, dict):
        return {key: _each(one, words) for key, one in template.items()}
    return template
