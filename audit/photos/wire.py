"""What the limited child and its parent say to each other. Pure.

The parent trusts the child no more than the picture: every value is checked on arrival.
"""

import json
import struct
from dataclasses import asdict
from datetime import datetime
from typing import Any

from .rules import Box, Capture, Kind, Limits, Picture, Reason, Size, box_fault

LENGTH = struct.Struct(">I")
EXIT = struct.Struct(">i")  # the exit code of the process that decoded


class Garbled(ValueError):
    """A reply that the child's own code would not have written."""


def pack_limits(limits: Limits) -> bytes:
    return json.dumps(asdict(limits)).encode()


def unpack_limits(message: bytes) -> Limits:
    told = json.loads(message)
    covered = tuple(tuple(box) for box in told.pop("covered"))
    return Limits(**told, covered=covered)


def pack_refusal(reason: Reason, cause: str) -> bytes:
    """`cause` is the name of the decoder's error, for the log only."""
    return _pack({"refused": reason, "cause": cause}, [])


def pack_picture(picture: Picture) -> bytes:
    """A JSON head (length first), then the derivatives one after the other."""
    capture = asdict(picture.capture)
    if picture.capture.taken_at is not None:
        capture["taken_at"] = picture.capture.taken_at.isoformat()
    head = {
        "kind": picture.kind,
        "width": picture.width,
        "height": picture.height,
        "capture": capture,
        "faces": picture.faces,
        "sizes": {str(size.value): len(blob) for size, blob in picture.derivatives.items()},
    }
    return _pack(head, list(picture.derivatives.values()))


def unpack(reply: bytes) -> Picture | tuple[Reason, str]:
    """A picture, or the reason for refusing it and its cause. Raises `Garbled`."""
    try:
        length = LENGTH.unpack_from(reply)[0]
        head = json.loads(reply[LENGTH.size : LENGTH.size + length])
        if "refused" in head:
            return Reason(head["refused"]), str(head["cause"])[:80]
        return _picture(head, reply[LENGTH.size + length :])
    except (ValueError, TypeError, KeyError, AttributeError, struct.error) as error:
        raise Garbled(type(error).__name__) from error


def _pack(head: dict[str, Any], blobs: list[bytes]) -> bytes:
    text = json.dumps(head).encode()
    return b"".join([LENGTH.pack(len(text)), text, *blobs])


def _picture(head: dict[str, Any], body: bytes) -> Picture:
    derivatives, at = {}, 0
    for size in Size:
        end = at + int(head["sizes"][str(size.value)])
        derivatives[size] = body[at:end]
        at = end
    whole = all(blob.startswith(b"\xff\xd8\xff") for blob in derivatives.values())
    if at != len(body) or not whole:
        raise Garbled("derivatives")
    width, height = int(head["width"]), int(head["height"])
    if width < 1 or height < 1:
        raise Garbled("size")
    capture, faces = _capture(head["capture"]), _faces(head["faces"])
    return Picture(Kind(head["kind"]), width, height, capture, derivatives, faces)


def _faces(told: list[list[Any]]) -> tuple[Box, ...]:
    boxes: list[Box] = [(int(a), int(b), int(c), int(d)) for a, b, c, d in told]
    if any(box_fault(box) for box in boxes):
        raise Garbled("faces")
    return tuple(boxes)


def _capture(told: dict[str, Any]) -> Capture:
    taken_at = None if told["taken_at"] is None else datetime.fromisoformat(told["taken_at"])
    if taken_at is not None and taken_at.tzinfo is None:
        raise Garbled("taken_at")
    if told["lon"] is None:
        return Capture(taken_at)
    lon, lat = float(told["lon"]), float(told["lat"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Garbled("place")
    accuracy = None if told["accuracy_m"] is None else float(told["accuracy_m"])
    return Capture(taken_at, lon, lat, accuracy)
