"""What a picture may be, what is kept of it, and how its files are named. Pure."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any


class Kind(StrEnum):
    """The formats that are read. A phone's HEIC is converted in the browser."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


class PlaceSource(StrEnum):
    """Who said where a picture was taken."""

    PHONE = "phone"
    EXIF = "exif"


class Size(IntEnum):
    """The longest side of a derivative, in pixels: evidence, page, list."""

    LARGE = 1600
    MEDIUM = 640
    SMALL = 240


class Reason(StrEnum):
    """Why a picture was not taken in."""

    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_AN_IMAGE = "not_an_image"
    WRONG_FORMAT = "wrong_format"
    BROKEN = "broken"
    TOOK_TOO_LONG = "took_too_long"


Box = tuple[int, int, int, int]  # left, top, width, height in thousandths of the upright picture
MOST_BOXES = 12
WHOLE = 1000


@dataclass(frozen=True)
class Limits:
    """How much one picture may cost. Bytes, pixels and seconds. `covered` is made black; faces are
    looked for where `find_faces` says so, which needs the optional library."""

    bytes: int = 15_000_000
    pixels: int = 50_000_000
    memory_bytes: int = 1 << 30
    cpu_seconds: int = 10
    wall_seconds: int = 20
    covered: tuple[Box, ...] = ()
    find_faces: bool = False


@dataclass(frozen=True)
class Capture:
    """When and where a picture was taken, as far as known.

    WGS-84 degrees; `lon` and `lat` are both present or both absent; accuracy in metres.
    """

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None

    def or_else(self, other: "Capture") -> "Capture":
        """This, completed from another source: time and place are each taken whole."""
        place = self if self.lon is not None else other
        return Capture(self.taken_at or other.taken_at, place.lon, place.lat, place.accuracy_m)


@dataclass(frozen=True)
class Picture:
    """A picture that was decoded: facts of the upright original, and its derivatives."""

    kind: Kind
    width: int
    height: int
    capture: Capture = field(default_factory=Capture)
    derivatives: Mapping[Size, bytes] = field(default_factory=dict)
    faces: tuple[Box, ...] = ()


SIGNATURES = (
    (b"\xff\xd8\xff", 0, Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", 0, Kind.PNG),
    (b"WEBP", 8, Kind.WEBP),
)
OTHER_PICTURES = (
    (b"ftyp", 4),  # HEIC, AVIF, and the films of phones
    (b"GIF8", 0), (b"BM", 0), (b"II*\x00", 0), (b"MM\x00*", 0), (b"\x00\x00\x01\x00", 0),
    (b"\x00\x00\x00\x0cjP", 0), (b"\xff\x0a", 0), (b"8BPS", 0),
)  # fmt: skip


def kind_of(head: bytes) -> Kind | Reason:
    """The format by content, from the first bytes; file names and MIME types are not asked."""
    for mark, at, kind in SIGNATURES:
        if head[at : at + len(mark)] == mark:
            return kind
    if any(head[at : at + len(mark)] == mark for mark, at in OTHER_PICTURES):
        return Reason.WRONG_FORMAT
    return Reason.NOT_AN_IMAGE


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header, (0, 0) when unreadable.

    Pillow's WebP reader takes memory for the whole picture before it tells the size. Layout: the
    WebP container specification, "Extended file format", and RFC 9649, sections 2.5 to 2.7.
    """
    form, head = data[12:16], data[20:30]
    if len(head) < 10:
        return 0, 0
    if form == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if form == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    sides = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    return next(sides), next(sides)


# EXIF ----------------------------------------------------------------------------------------
# Tag numbers and meanings: CIPA DC-008 (Exif 2.32), 4.6.5 and 4.6.6.

CHINA = timezone(timedelta(hours=8))
DATE_TIME, DATE_TIME_ORIGINAL, OFFSET_TIME_ORIGINAL = 0x0132, 0x9003, 0x9011
LAT_REF, LAT, LON_REF, LON, H_ERROR = 1, 2, 3, 4, 0x1F
OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def capture_from_exif(
    base: Mapping[int, Any], photo: Mapping[int, Any], gps: Mapping[int, Any]
) -> Capture:
    """Read IFD0, the Exif IFD and the GPS IFD. Whatever makes no sense is left out."""
    taken = moment_of(photo.get(DATE_TIME_ORIGINAL), photo.get(OFFSET_TIME_ORIGINAL))
    taken = taken or moment_of(base.get(DATE_TIME), None)
    lat = _degrees(gps.get(LAT), gps.get(LAT_REF), "NS", 90)
    lon = _degrees(gps.get(LON), gps.get(LON_REF), "EW", 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return Capture(taken)
    return Capture(taken, lon, lat, metres_or_none(gps.get(H_ERROR)))


def moment_of(text: Any, offset: Any) -> datetime | None:
    """`2026:10:01 09:30:00` with its offset; without one the camera's clock shows China's."""
    try:
        naive = datetime.strptime(_plain(text)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    if not 1990 <= naive.year <= 2100:
        return None
    found = OFFSET.fullmatch(_plain(offset))
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return naive.replace(tzinfo=CHINA)
    shift = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return naive.replace(tzinfo=timezone(-shift if found[1] == "-" else shift))


def _degrees(parts: Any, reference: Any, letters: str, limit: int) -> float | None:
    letter = _plain(reference).upper()
    try:
        numbers = [_number(part) for part in parts]
    except TypeError:
        return None
    if len(numbers) != 3 or None in numbers or len(letter) != 1 or letter not in letters:
        return None
    value = sum(number / 60**power for power, number in enumerate(numbers) if number is not None)
    return degrees_or_none(-value if letter == letters[1] else value, limit)


def metres_or_none(value: Any) -> float | None:
    metres = _number(value)
    return round(metres, 1) if metres is not None and 0 <= metres <= 100_000 else None


def degrees_or_none(value: Any, limit: int) -> float | None:
    degrees = _number(value)
    return round(degrees, 7) if degrees is not None and -limit <= degrees <= limit else None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


def fitted(width: int, height: int, size: Size) -> tuple[int, int]:
    """Width and height of a derivative: never enlarged, never less than one pixel."""
    ratio = min(1.0, size / max(width, height))
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the header of a JPEG; None where there is none to read."""
    at = 2
    while content[at : at + 1] == b"\xff" and at + 9 <= len(content):
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(content[at + n : at + n + 2]) for n in (5, 7))
            return width, height
        at += 2 + length
    return None


def hashes_of(derivatives: Mapping[Size, bytes]) -> list[str]:
    """Of each size, the largest first."""
    return [hashlib.sha256(derivatives[size]).hexdigest() for size in Size]


def box_fault(box: Box) -> bool:
    """Whether it is empty or reaches over the edge."""
    left, top, width, height = box
    inside = left >= 0 and top >= 0 and left + width <= WHOLE and top + height <= WHOLE
    return not (inside and width > 0 and height > 0)


def shown_name(sha256: str, covered: Sequence[Box]) -> str:
    """Under what its derivatives lie: the original's hash, or, with parts covered, another that
    says nothing of what lies beneath."""
    if not covered:
        return sha256
    said = f"{sha256} {sorted(tuple(box) for box in covered)}"
    return hashlib.sha256(said.encode()).hexdigest()


# Files ---------------------------------------------------------------------------------------

SHA256 = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(
    r"(?:originals|(?P<shown>derivatives))/([0-9a-f]{2})/([0-9a-f]{2})/\2\3[0-9a-f]{60}"
    r"(?(shown)-(?:1600|640|240)\.jpg)"
)


def original_key(sha256: str) -> str:
    """Where the sealed original lies: `originals/ab/cd/<sha256>`."""
    return f"originals/{_spread(sha256)}"


def is_original(key: str) -> bool:
    return key.startswith("originals/")


def derivative_key(sha256: str, size: Size) -> str:
    """Where a derivative lies, named after its original: `derivatives/ab/cd/<sha256>-640.jpg`."""
    return f"derivatives/{_spread(sha256)}-{size.value}.jpg"


def _spread(sha256: str) -> str:
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in lower-case hex")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
