"""A file of facilities as a table: CSV and XLSX as they are, GeoJSON with its places as columns."""

import json
from collections.abc import Mapping
from typing import Any

from audit.geo.geojson import GeojsonRefusedError, features_as_written
from audit.geo.problems import Fault as GeojsonFault
from audit.tables.reading import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row, Table, read_table

PLACE = ("lon", "lat", "shape")
MAX_SHAPE = 200_000


class FileRefusedError(Exception):
    """The file as a whole is of no use; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_file(raw: bytes) -> Table:
    """Raises `FileRefusedError` or `TableRefusedError`."""
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _geojson_table(raw)
    return read_table(raw)


def _geojson_table(raw: bytes) -> Table:
    """A feature's line is its number in the file; `lon` and `lat` are those of a point or of the
    middle of a line or area, as written."""
    try:
        features = features_as_written(raw, MAX_BYTES)
        if len(features) > MAX_ROWS:
            raise GeojsonRefusedError(GeojsonFault.TOO_MANY_VERTICES, str(MAX_ROWS))
    except GeojsonRefusedError as refused:
        raise FileRefusedError(refused.problem.zh, refused.problem.en) from refused
    names: dict[str, None] = {}
    for _geometry, properties in features:
        if isinstance(properties, dict):
            names |= dict.fromkeys(str(name)[:80] for name in properties if name not in PLACE)
    columns = tuple(names)[: MAX_COLUMNS - len(PLACE)]
    rows = tuple(
        Row(number, (*_cells(properties, columns), *_place(geometry)))
        for number, (geometry, properties) in enumerate(features, start=1)
    )
    return Table((*columns, *PLACE), rows)


def _cells(properties: object, columns: tuple[str, ...]) -> tuple[str, ...]:
    values: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
    return tuple(_text(values.get(name)) for name in columns)


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")[:MAX_CELL]


def _place(geometry: object) -> tuple[str, str, str]:
    if not isinstance(geometry, dict):
        return "", "", ""
    found = geometry.get("coordinates")
    is_point = geometry.get("type") == "Point"
    while isinstance(found, list) and found and isinstance(found[0], list):
        found = found[len(found) // 2]
    if not isinstance(found, list) or len(found) < 2:
        return "", "", ""
    bare = {"type": geometry.get("type"), "coordinates": geometry.get("coordinates")}
    shape = "" if is_point else json.dumps(bare)
    return _text(found[0]), _text(found[1]), shape[:MAX_SHAPE]
