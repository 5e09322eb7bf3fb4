"""Sample pictures for the demonstration, drawn, and marked as samples in the picture itself."""

import random
from base64 import b64decode
from datetime import datetime
from io import BytesIO

from PIL import Image

from .canvas import Canvas
from .scenes import DRAW, READINGS, Scene

__all__ = ["Scene", "drawn_photo"]

QUALITY = 82
FINENESS = 2  # drawn twice as large and reduced, so that edges are smooth
# The four characters 示例图片, 192 x 46 pixels, so that no Chinese font need be installed.
SAMPLE_IN_CHINESE = (
    "iVBORw0KGgoAAAANSUhEUgAAAMAAAAAuAQAAAABW6StYAAABuUlEQVR42nWTsY4TMRCGP3utYwvEbkl1CU8AZQoEKRC8"
    "TugoDmklCq68J0AgUfAYPoniKhRaCrQRFFcaROGIvR2Kcexkybnxen/PeP75/4FjawG2fLLKgCvAcu/+CgpQyQiNiEjQ"
    "H9aIiHTE6TOWW9YOeD2zKzDGmAmQMt8vhYkBMIwAnNz2xul/QD8H4PEU2OFvpT+aykBbuqLbkK6FlkZgkyNeDIDbuEmq"
    "Om2t8ztgJiISU+ZH53U3ffzlEpDPD4Ffxph5ApQF3348mfAYCQNwHc4ysDHu0tRDamqMk4g+ibu4C3R7QLRav3/THTJP"
    "cjQ3779OynU+Aqs/1/cycKqmajuAiy3QiAQsc3gG9SeAm3dZKssIHuJzgI8P/M8MLMHC3w8B6NeLwmOADYxa1+8T7RVY"
    "Oi1WKcter6JyHZThFZig3s23gSoOOcIGHQLnPbg7vqTqUSOwhm0xlnXAOAfVtK482k9be4qZ2ObJsm0HAjR6vvKp4Tap"
    "vVN924EHsJJslZklj9kvAK/gDEBEJEkLVB7MZeBp0KmdAQFLpXYOOdXs0Ik9pOH8noXywOjp1wfGwIxHpjzwD3gXlHe/"
    "0t+6AAAAAElFTkSuQmCC"
)


def drawn_photo(
    scene: Scene,
    seed: int,
    size: tuple[int, int] = (1280, 960),
    *,
    reading: str | None = None,
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    accuracy_m: float = 6,
) -> bytes:
    """A JPEG of the scene, the same bytes for the same arguments.

    `reading` stands on the measuring tool, in plain letters ("1400 mm"); None shows the scene's
    usual one, "" none. `taken_at` (with its zone), `lon` and `lat` go into the EXIF.
    """
    chance = random.Random(f"{scene}-{seed}")  # noqa: S311 -- a drawing, not a secret
    large = (size[0] * FINENESS, size[1] * FINENESS)
    canvas = Canvas(large, chance, mirror=chance.random() < 0.5)
    DRAW[scene](canvas, READINGS.get(scene, "") if reading is None else reading)
    picture = _light(canvas.image.reduce(FINENESS), chance)
    _caption(picture)
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, exif=_exif(taken_at, lon, lat, accuracy_m))
    return out.getvalue()


def _light(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Uneven light and the grain of a cheap camera."""
    glow = Image.frombytes("L", (4, 3), bytes(chance.randint(96, 176) for _spot in range(12)))
    grain = Image.frombytes("L", (320, 240), chance.randbytes(320 * 240))
    for layer, strength in ((glow, 0.10), (grain, 0.035)):
        spread = layer.resize(picture.size, Image.Resampling.BICUBIC)
        picture = Image.blend(picture, Image.merge("RGB", [spread] * 3), strength)
    return picture


def _caption(picture: Image.Image) -> None:
    """「示例图片 SAMPLE」 in the lower left corner, about a quarter of the width."""
    plate = Canvas((520, 72), random.Random(0), mirror=False)  # noqa: S311
    plate.box(0, 0, 1000, 750, (28, 30, 34))
    with Image.open(BytesIO(b64decode(SAMPLE_IN_CHINESE)), formats=("PNG",)) as words:
        plate.image.paste((255, 255, 255), (20, 13), words.convert("L"))
    plate.write(650, 375, "SAMPLE", 500, (255, 255, 255))
    wide = max(130, picture.width // 4)
    small = plate.image.resize((wide, wide * 72 // 520), Image.Resampling.LANCZOS)
    margin = picture.width // 60
    picture.paste(small, (margin, picture.height - small.height - margin))


def _exif(
    taken_at: datetime | None, lon: float | None, lat: float | None, accuracy_m: float
) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "SAMPLE"  # maker of the camera
    if taken_at is not None:
        shift = taken_at.strftime("%z") or "+0000"
        photo = exif.get_ifd(0x8769)
        photo[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        photo[0x9011] = f"{shift[:3]}:{shift[3:5]}"
    if lon is not None and lat is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "S" if lat < 0 else "N", _sexagesimal(lat)
        gps[3], gps[4] = "W" if lon < 0 else "E", _sexagesimal(lon)
        gps[0x1F] = accuracy_m
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes, seconds to a thousandth: three centimetres."""
    thousandths = round(abs(degrees) * 3_600_000)
    return thousandths // 3_600_000, thousandths // 60_000 % 60, thousandths % 60_000 / 1000
