"""What goes out as a file."""

from flask import Response

from audit.core.clock import today

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


def as_download(raw: bytes, name: str, ending: str) -> Response:
    """Its name says which day it is of."""
    answer = Response(raw, content_type=TYPES[ending])
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{name}-{today():%Y%m%d}.{ending}"'
    )
    return answer
