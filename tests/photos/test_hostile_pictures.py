"""Files made to break, flood or fool the decoder."""

import random
import signal
from collections import Counter

import pytest

from audit.photos.gate import Gate, PhotoRefused
from audit.photos.rules import Limits, Picture, Reason

from .pictures import (
    YANJIANG,
    exif,
    jpeg,
    jpeg_declaring,
    png,
    saved,
    scene,
    webp_declaring,
)

# Of the processor, so that other work on the cores decides nothing; the clock is far away.
LITTLE_WORK = Limits(cpu_seconds=2, wall_seconds=120)


def outcome(gate: Gate, data: bytes, limits: Limits | None = None) -> Reason | Picture:
    try:
        return gate.decode(data, limits)
    except PhotoRefused as refused:
        return refused.reason


def files() -> dict[str, bytes]:
    told = exif(orientation=6, taken="2026:10:01 09:30:00", gps=YANJIANG)
    return {
        "jpeg": jpeg(640, 480, exif=told),
        "progressive": jpeg(640, 480, progressive=True),
        "png": saved(scene(640, 480), "PNG", exif=told),
        "webp": saved(scene(640, 480), "WEBP", exif=told),
    }


@pytest.mark.parametrize("name", ["jpeg", "progressive", "png", "webp"])
def test_a_file_cut_anywhere_is_refused_and_harms_nothing(gate: Gate, name: str) -> None:
    whole = files()[name]
    for part in range(64):
        # A JPEG may lose its two-byte end mark, a PNG its empty last chunk, without loss.
        cut = whole[: (len(whole) - 16) * part // 64]
        assert outcome(gate, cut) in {Reason.BROKEN, Reason.NOT_AN_IMAGE}, f"cut at {len(cut)}"
    assert isinstance(outcome(gate, whole), Picture)


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_flipped_bits_give_a_picture_or_a_reason_and_never_a_crash(gate: Gate, name: str) -> None:
    chance = random.Random(name)
    whole, seen = files()[name], Counter[str]()
    for _round in range(100):
        flipped = bytearray(whole)
        for _bit in range(chance.choice((1, 3, 30))):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        found = outcome(gate, bytes(flipped), LITTLE_WORK)
        seen[found.kind if isinstance(found, Picture) else found] += 1
    assert seen[Reason.TOOK_TOO_LONG] == 0
    assert sum(seen.values()) == 100


BOMBS = {
    "png 30000²": png(8, 8, declared=(30_000, 30_000)),
    "png 2³¹": png(8, 8, declared=(2**31 - 1, 2**31 - 1)),
    "png 100 Mpx that is really there": png(10_000, 10_000, colour=6),
    "jpeg 65000²": jpeg_declaring(65_000, 65_000),
    "webp 16383²": webp_declaring(16_383, 16_383),
    "just above": jpeg_declaring(7072, 7072),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_flood_of_pixels_is_refused_from_the_header(gate: Gate, name: str) -> None:
    """With a fourth of the work allowed that it takes to decode the one that is really there."""
    tight = Limits(cpu_seconds=1, wall_seconds=120)
    assert outcome(gate, BOMBS[name], tight) in {Reason.TOO_MANY_PIXELS, Reason.BROKEN}


def test_the_reason_for_a_flood_is_the_pixels(gate: Gate) -> None:
    assert outcome(gate, BOMBS["png 100 Mpx that is really there"]) is Reason.TOO_MANY_PIXELS
    assert outcome(gate, BOMBS["jpeg 65000²"]) is Reason.TOO_MANY_PIXELS
    for form in ({"lossless": True}, {}, {"exif": exif()}):  # VP8L, VP8, VP8X
        wide = saved(scene(1001, 1000), "WEBP", **form)
        assert outcome(gate, wide, Limits(pixels=1_000_999)) is Reason.TOO_MANY_PIXELS
        assert isinstance(outcome(gate, wide, Limits(pixels=1_001_000)), Picture)
    assert outcome(gate, BOMBS["webp 16383²"]) is Reason.TOO_MANY_PIXELS


OTHER_FILES = {
    "gif": (saved(scene(64, 48), "GIF"), Reason.WRONG_FORMAT),
    "bmp": (saved(scene(64, 48), "BMP"), Reason.WRONG_FORMAT),
    "tiff": (saved(scene(64, 48), "TIFF"), Reason.WRONG_FORMAT),
    "ico": (saved(scene(64, 48), "ICO"), Reason.WRONG_FORMAT),
    "avif": (saved(scene(64, 48), "AVIF"), Reason.WRONG_FORMAT),
    "jpeg 2000": (saved(scene(64, 48), "JPEG2000"), Reason.WRONG_FORMAT),
    "heic": (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 200, Reason.WRONG_FORMAT),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', Reason.NOT_AN_IMAGE),
    "html": (b"<!doctype html><script>alert(1)</script>", Reason.NOT_AN_IMAGE),
    "pdf": (b"%PDF-1.7\n" + b"\0" * 100, Reason.NOT_AN_IMAGE),
    "zip": (b"PK\x03\x04" + b"\0" * 100, Reason.NOT_AN_IMAGE),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", Reason.NOT_AN_IMAGE),
    "text": ("照片".encode(), Reason.NOT_AN_IMAGE),
    "nothing": (b"", Reason.BROKEN),
    "one byte": (b"\xff", Reason.NOT_AN_IMAGE),
    "zeros": (b"\0" * 5000, Reason.NOT_AN_IMAGE),
    "svg after a gif mark": (b"GIF89a<svg onload=alert(1)>", Reason.WRONG_FORMAT),
    "html after a jpeg mark": (b"\xff\xd8\xff<script>alert(1)</script>", Reason.BROKEN),
    "html after a png mark": (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", Reason.BROKEN),
    "riff that is a sound": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 30, Reason.NOT_AN_IMAGE),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_other_files_are_refused_whatever_they_are_called(gate: Gate, name: str) -> None:
    data, reason = OTHER_FILES[name]
    assert outcome(gate, data) is reason


def test_every_reason_tells_what_to_do() -> None:
    for reason in Reason:
        message = str(PhotoRefused(reason).message)
        assert message.count("。") >= 2
        assert "请" in message


def test_code_hidden_in_a_picture_does_not_come_out_again(gate: Gate) -> None:
    script = b"<script>alert(1)</script><?php system('id') ?>"
    eicar = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    hiding = [
        jpeg(comment=script),
        jpeg(exif=exif(taken=script.decode())),
        jpeg() + script + eicar,
        jpeg() + b"PK\x03\x04" + script,
        saved(scene(), "PNG") + b"<html>" + script,
        saved(scene(), "PNG")[:8] + saved(scene(), "PNG")[8:-12] + script,
    ]
    for data in hiding:
        found = outcome(gate, data)
        if isinstance(found, Picture):
            for derivative in found.derivatives.values():
                assert b"script" not in derivative
                assert b"EICAR" not in derivative
                assert b"PK\x03\x04" not in derivative


def test_a_file_that_is_too_long_is_refused_before_decoding(gate: Gate) -> None:
    data = jpeg()
    assert outcome(gate, data, Limits(bytes=len(data) - 1)) is Reason.TOO_LARGE
    assert isinstance(outcome(gate, data, Limits(bytes=len(data))), Picture)


def test_the_pixel_limit_counts_the_last_pixel(gate: Gate) -> None:
    assert isinstance(outcome(gate, png(100, 100), Limits(pixels=10_000)), Picture)
    assert outcome(gate, png(101, 100), Limits(pixels=10_000)) is Reason.TOO_MANY_PIXELS


def test_a_picture_that_needs_more_memory_than_allowed_is_refused(gate: Gate) -> None:
    large = png(6000, 6000, colour=6)
    assert outcome(gate, large, Limits(memory_bytes=200 << 20)) is Reason.TOO_MANY_PIXELS
    assert isinstance(outcome(gate, large), Picture)


def test_a_picture_that_needs_more_cpu_than_allowed_is_refused(gate: Gate) -> None:
    killed = ended_by(gate, Limits(cpu_seconds=1, wall_seconds=120))
    assert killed in {-signal.SIGXCPU, -signal.SIGKILL}
    assert isinstance(outcome(gate, jpeg()), Picture)


def test_a_picture_that_takes_too_long_by_the_wall_clock_is_refused(gate: Gate) -> None:
    assert ended_by(gate, Limits(cpu_seconds=120, wall_seconds=1)) == -signal.SIGALRM
    assert isinstance(outcome(gate, jpeg()), Picture)


def ended_by(gate: Gate, limits: Limits) -> int:
    """How the decoder of a picture that takes two seconds ended."""
    with pytest.raises(PhotoRefused) as refused:
        gate.decode(png(7000, 7000, colour=6), limits)
    assert refused.value.reason is Reason.TOOK_TOO_LONG
    return int(refused.value.cause.removeprefix("exit "))
