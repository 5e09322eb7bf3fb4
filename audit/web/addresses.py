"""Parts of an address that are typed: what does not look like one is no page (404)."""

from flask import Flask
from werkzeug.routing import BaseConverter


class NumberConverter(BaseConverter):
    """A number as people read it to each other, in `<number:…>`: ZY-2026-000123."""

    regex = r"[A-Z]{2,4}-[0-9]{4}-[0-9]{6,9}"


def init_app(app: Flask) -> None:
    app.url_map.converters["number"] = NumberConverter
