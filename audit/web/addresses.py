"""Parts of an address that are typed: what does not look like one is no page (404)."""

from flask import Flask, request
from werkzeug.routing import BaseConverter

from audit.core.settings import settings


class NumberConverter(BaseConverter):
    """A number as people read it to each other, in `<number:…>`: ZY-2026-000123."""

    regex = r"[A-Z]{2,4}-[0-9]{4}-[0-9]{6,9}"


def own_address() -> str:
    """What people type to get here, without a slash at the end. Where nobody has set it, what the
    office itself has typed."""
    told = settings().public_url
    return (request.url_root if "//127.0.0.1" in told else told).rstrip("/")


def is_local(address: str) -> bool:
    """Whether it opens on this machine alone."""
    return "//127." in address or "//localhost" in address


def init_app(app: Flask) -> None:
    app.url_map.converters["number"] = NumberConverter
