"""Decode a picture and make its derivatives. Runs in the limited child only.

Derivatives are JPEG, not WebP: a phone that stopped at iOS 13 shows no WebP, nor does a
word processor that opens a report; JPEG is the cheapest to draw for an old Android; and WebP
small enough to pay (method 4) costs 0.1 s CPU more per picture. Progressive, so that on a slow
line the whole barrier is visible early.
"""

import math
import warnings
from io import BytesIO

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from .faces import find_faces
from .rules import (
    WHOLE,
    Box,
    Capture,
    Kind,
    Limits,
    Picture,
    Reason,
    Size,
    capture_from_exif,
    fitted,
    kind_of,
    webp_size,
)

FORMATS = ("JPEG", "PNG", "WEBP")
PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
EXIF_IFD, GPS_IFD, ORIENTATION = 0x8769, 0x8825, 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)
QUALITY = 80


class Refused(Exception):
    def __init__(self, reason: Reason, cause: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause


def develop(data: bytes, limits: Limits) -> Picture:
    """The picture upright, in RGB, in three sizes, with nothing else of the file in them.

    Of an animation the first frame. Raises `Refused`; the header alone decides on pixels.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit, below, is the one that counts
    warnings.simplefilter("ignore")
    try:
        return _develop(data, limits)
    except MemoryError as error:
        raise Refused(Reason.TOO_MANY_PIXELS, "MemoryError") from error
    except Refused:
        raise
    except Exception as error:  # Pillow raises a dozen kinds on files made to break it
        raise Refused(Reason.BROKEN, type(error).__name__) from error


def _develop(data: bytes, limits: Limits) -> Picture:
    if kind_of(data) is Kind.WEBP:
        _check_pixels(webp_size(data), limits)
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        _check_pixels(image.size, limits)
        width, height = image.size
        # A phone's JPEG with a second picture in it (depth, gain map) calls itself MPO.
        kind = Kind.JPEG if image.format == "MPO" else Kind(str(image.format).lower())
        capture, orientation = _exif(image)
        picture = _shrink(image)
    if orientation in TURNS:
        picture = picture.transpose(TURNS[orientation])
    if orientation in SIDEWAYS:
        width, height = height, width
    for box in limits.covered:
        _cover(picture, box)
    faces = find_faces(picture) if limits.find_faces else ()
    return Picture(kind, width, height, capture, _derivatives(picture, width, height), faces)


def _cover(picture: Image.Image, box: Box) -> None:
    """Black, in the largest derivative, of which the others are made: blur can be undone."""
    left, top, width, height = box
    across, down = picture.width / WHOLE, picture.height / WHOLE
    edges = (
        math.floor(left * across), math.floor(top * down),
        math.ceil((left + width) * across), math.ceil((top + height) * down),
    )  # fmt: skip
    picture.paste((0, 0, 0), edges)


def _check_pixels(size: tuple[int, int], limits: Limits) -> None:
    if size[0] * size[1] > limits.pixels:
        raise Refused(Reason.TOO_MANY_PIXELS, f"{size[0]}x{size[1]}")


def _exif(image: Image.Image) -> tuple[Capture, int]:
    """Time and place, and the orientation (1: upright). Damage there costs no evidence."""
    try:
        exif = image.getexif()
        capture = capture_from_exif(exif, exif.get_ifd(EXIF_IFD), exif.get_ifd(GPS_IFD))
        return capture, int(exif.get(ORIENTATION, 1))
    except Exception:
        return Capture(), 1


def _shrink(image: Image.Image) -> Image.Image:
    """To the largest derivative, in RGB; before turning, as turning 12 Mpx costs the most."""
    target = fitted(image.width, image.height, Size.LARGE)
    image.draft(None, target)  # a JPEG decoder halves by itself, almost for nothing
    picture = _eight_bits(image)
    if picture.size != target:
        picture = picture.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _opaque(picture)


def _eight_bits(image: Image.Image) -> Image.Image:
    """As L, RGB or RGBA, the three that can be resized smoothly."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256, "L")
    if image.mode == "RGBA" or image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _derivatives(picture: Image.Image, width: int, height: int) -> dict[Size, bytes]:
    made = {}
    for size in Size:  # each from the one before
        picture = picture.resize(fitted(width, height, size), Image.Resampling.LANCZOS)
        picture.info = {}  # the JPEG writer would carry a comment over from here
        out = BytesIO()
        picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        made[size] = out.getvalue()
    return made
