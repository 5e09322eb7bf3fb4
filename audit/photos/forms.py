from collections.abc import Mapping
from datetime import UTC, datetime

from .rules import Capture, degrees_or_none, metres_or_none

FIELDS = ("taken_at", "lon", "lat", "accuracy_m")


def told_capture(form: Mapping[str, str], prefix: str = "") -> Capture:
    """What a phone says of a picture: `taken_at` (ISO 8601), `lon`, `lat`, `accuracy_m`.

    Nonsense is left out, never refused: a wrong clock or no position must not cost a picture.
    """
    taken_at, lon, lat, accuracy = (form.get(prefix + name, "") for name in FIELDS)
    east, north = degrees_or_none(lon, 180), degrees_or_none(lat, 90)
    if east is None or north is None:
        return Capture(_moment(taken_at))
    return Capture(_moment(taken_at), east, north, metres_or_none(accuracy))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
