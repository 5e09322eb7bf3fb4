"""Pictures to send in: honest ones, odd ones, and ones made to break a decoder."""

import struct
import zlib
from io import BytesIO

from PIL import Image

QUARTERS = {
    "red": (220, 30, 30),
    "green": (30, 200, 30),
    "blue": (30, 30, 220),
    "white": (250,) * 3,
}


def scene(width: int = 800, height: int = 600) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right."""
    picture = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for number, colour in enumerate(QUARTERS.values()):
        corner = (number % 2 * half[0], number // 2 * half[1])
        picture.paste(colour, (*corner, corner[0] + half[0], corner[1] + half[1]))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(
    *,
    orientation: int | None = None,
    taken: str | None = None,
    offset: str | None = None,
    gps: dict[int, object] | None = None,
) -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = "MARKER-MAKER"
    if orientation is not None:
        made[0x0112] = orientation
    if taken is not None:
        made.get_ifd(0x8769)[0x9003] = taken
    if offset is not None:
        made.get_ifd(0x8769)[0x9011] = offset
    made.get_ifd(0x8825).update(gps or {})
    return made


YANJIANG = {1: "N", 2: (30.0, 7.0, 12.0), 3: "E", 4: (104.0, 39.0, 0.0), 0x1F: 8.5}


def jpeg(width: int = 800, height: int = 600, **options: object) -> bytes:
    return saved(scene(width, height), "JPEG", quality=90, **options)


def turned(orientation: int, width: int = 800, height: int = 600) -> bytes:
    """A JPEG that a viewer must turn to see `scene` upright."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    picture = scene(width, height)
    if orientation in undo:
        picture = picture.transpose(Image.Transpose(undo[orientation]))
    return saved(picture, "JPEG", quality=95, exif=exif(orientation=orientation))


def corner_names(picture: Image.Image) -> list[str]:
    """Which colour is in each quarter, in reading order."""
    wide, high = picture.size
    spots = [(1, 1), (3, 1), (1, 3), (3, 3)]
    pixels = [picture.getpixel((wide * x // 4, high * y // 4)) for x, y in spots]

    def nearest(pixel: tuple[int, ...]) -> str:
        return min(
            QUARTERS,
            key=lambda name: sum(abs(a - b) for a, b in zip(pixel, QUARTERS[name], strict=True)),
        )

    return [nearest(pixel) for pixel in pixels]


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png(
    width: int, height: int, colour: int = 2, *, declared: tuple[int, int] | None = None
) -> bytes:
    """A grey PNG; `declared` may lie about its size. colour: 2 RGB, 6 RGBA."""
    row = b"\0" + b"\x80" * (width * {2: 3, 6: 4}[colour])
    packer = zlib.compressobj(1)
    body = b"".join([packer.compress(row) for _row in range(height)] + [packer.flush()])
    head = struct.pack(">IIBBBBB", *(declared or (width, height)), 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_declaring(width: int, height: int) -> bytes:
    """A small JPEG whose header claims other dimensions."""
    honest = jpeg(64, 64)
    at = honest.index(b"\xff\xc0") + 5
    return honest[:at] + struct.pack(">HH", height, width) + honest[at + 4 :]


def webp_declaring(width: int, height: int) -> bytes:
    """A lossless WebP header with these dimensions and nothing behind it."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + b"\0" * 20
    content = b"WEBPVP8L" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(content)) + content
