import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict

from audit.web.fields import plain_digits

from .rules import MOST_BOXES, Box, Capture, box_fault, degrees_or_none, metres_or_none

SIDES = ("left", "top", "width", "height")
FIELDS = ("taken_at", "lon", "lat", "accuracy_m")


def picture_id(scope: UUID, name: str, file: FileStorage) -> UUID:
    """The id of a picture sent by a page without scripts, which makes none: it follows from what
    it belongs to and from its bytes, so that the same form sent twice names the same picture."""
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return uuid5(scope, f"{name} {digest}")


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Those of the texts that are ids, each once, in their order."""
    found = []
    for text in dict.fromkeys(texts):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def sent_pictures(
    form: MultiDict[str, str], files: MultiDict[str, FileStorage], scope: UUID, name: str
) -> tuple[list[UUID], list[tuple[UUID, FileStorage]], Capture]:
    """`photos` (several), `kept` (several) and what the phone says. `scope`, `name`: what the
    pictures belong to and who sends them; their ids follow from it."""
    chosen = [one for one in files.getlist("photos") if one.filename]
    named = [(picture_id(scope, name, one), one) for one in chosen]
    return uuids(form.getlist("kept")), named, told_capture(form)


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


def typed_boxes(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of a form of parts to cover; blank ones are left out."""
    rows = [
        {side: plain_digits(form.get(f"{side}-{row}", "")) for side in SIDES}
        for row in range(MOST_BOXES)
    ]
    return [row for row in rows if any(row.values())]


def accepted_boxes(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """Suggestions that somebody ticked, as rows; the value of each is its four thousandths."""
    found = (
        re.fullmatch(r"(\d{1,4}) (\d{1,4}) (\d{1,4}) (\d{1,4})", one, re.ASCII)
        for one in form.getlist("accept")[:MOST_BOXES]
    )
    return boxes_typed([[int(side) for side in one.groups()] for one in found if one])


def boxes_typed(boxes: Sequence[Sequence[int]]) -> list[dict[str, str]]:
    """Thousandths as the percentages that a person reads."""
    return [
        {side: f"{amount / 10:g}" for side, amount in zip(SIDES, box, strict=True)} for box in boxes
    ]


def read_boxes(typed: Sequence[Mapping[str, str]]) -> tuple[list[Box], dict[str, str]]:
    """Boxes, and problems by the control's name."""
    boxes: list[Box] = []
    problems: dict[str, str] = {}
    if len(typed) > MOST_BOXES:
        problems["boxes"] = _("最多遮盖 %(most)s 处，请去掉几处。", most=MOST_BOXES)
    for row, one in enumerate(typed):
        sides = [_thousandths(one[side]) for side in SIDES]
        for side, amount in zip(SIDES, sides, strict=True):
            if amount is None:
                problems[f"{side}-{row}"] = _("请填 0 到 100 之间的数，如 12.5。")
        if None not in sides:
            left, top, width, height = (amount or 0 for amount in sides)
            box = (left, top, width, height)
            if box_fault(box):
                problems[f"left-{row}"] = _("这一处超出了照片，或者没有大小。")
            boxes.append(box)
    return boxes, problems


def _thousandths(text: str) -> int | None:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text, re.ASCII) or float(text) > 100:
        return None
    return round(float(text) * 10)
