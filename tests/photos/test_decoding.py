"""Honest pictures: what comes out of the gate."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from audit.photos.gate import Gate
from audit.photos.rules import Kind, Picture, Size

from .pictures import YANJIANG, corner_names, exif, jpeg, saved, scene, turned

UPRIGHT = ["red", "green", "blue", "white"]


def opened(picture: Picture, size: Size = Size.LARGE) -> Image.Image:
    return Image.open(BytesIO(picture.derivatives[size]), formats=("JPEG",))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_whatever_way_the_phone_was_held(
    gate: Gate, orientation: int
) -> None:
    picture = gate.decode(turned(orientation))
    assert (picture.width, picture.height) == (800, 600)
    for size in Size:
        shown = opened(picture, size)
        assert corner_names(shown) == UPRIGHT
        assert shown.width > shown.height


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(gate: Gate, orientation: int) -> None:
    data = jpeg(exif=exif(orientation=orientation))
    assert corner_names(opened(gate.decode(data))) == UPRIGHT


def test_derivatives_have_their_longest_side_and_the_shape_of_the_original(gate: Gate) -> None:
    picture = gate.decode(jpeg(4000, 3000))
    assert [opened(picture, size).size for size in (Size.LARGE, Size.MEDIUM, Size.SMALL)] == [
        (1600, 1200), (640, 480), (240, 180),
    ]  # fmt: skip
    assert (picture.kind, picture.width, picture.height) == (Kind.JPEG, 4000, 3000)


def test_a_small_picture_is_never_enlarged(gate: Gate) -> None:
    picture = gate.decode(jpeg(300, 200))
    assert opened(picture, Size.LARGE).size == (300, 200)
    assert opened(picture, Size.SMALL).size == (240, 160)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (3, 2)])
def test_the_thinnest_picture_still_has_a_pixel(gate: Gate, shape: tuple[int, int]) -> None:
    picture = gate.decode(saved(Image.new("RGB", shape, "red"), "PNG"))
    assert all(min(opened(picture, size).size) >= 1 for size in Size)


def test_time_and_place_are_read_before_they_are_removed(gate: Gate) -> None:
    data = jpeg(exif=exif(taken="2026:10:01 09:30:00", gps=YANJIANG))
    capture = gate.decode(data).capture
    assert capture.taken_at == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)
    assert (capture.lon, capture.lat, capture.accuracy_m) == (104.65, 30.12, 8.5)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_time_and_place_are_read_from_other_formats_too(gate: Gate, kind: str) -> None:
    data = saved(scene(), kind, exif=exif(taken="2026:10:01 09:30:00", gps=YANJIANG))
    capture = gate.decode(data).capture
    assert (capture.lon, capture.lat) == (104.65, 30.12)
    assert capture.taken_at is not None


MARKS = (b"Exif", b"MARKER", b"GPS", b"xmpmeta", b"http", b"ICC_PROFILE", b"Photoshop", b"tEXt")


def test_nothing_but_pixels_is_left_in_a_derivative(gate: Gate) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told = exif(taken="2026:10:01 09:30:00", gps=YANJIANG)
    xmp = b"<x:xmpmeta>MARKER-XMP http://ns.adobe.com/</x:xmpmeta>"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "MARKER-TEXT")
    files = [
        jpeg(exif=told, comment=b"MARKER-COMMENT", icc_profile=profile, xmp=xmp) + b"MARKER-TAIL",
        saved(scene(), "PNG", exif=told, pnginfo=notes, icc_profile=profile) + b"MARKER-TAIL",
        saved(scene(), "WEBP", exif=told, xmp=xmp, icc_profile=profile),
    ]
    for data in files:
        assert b"MARKER" in data
        for derivative in gate.decode(data).derivatives.values():
            assert [mark for mark in MARKS if mark in derivative] == []
            assert set(segments(derivative)) <= {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}
            assert derivative.endswith(b"\xff\xd9")


def segments(data: bytes) -> list[int]:
    """The markers of a JPEG up to its first scan."""
    found, at = [], 2
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_mode_becomes_rgb(gate: Gate, mode: str) -> None:
    picture = gate.decode(saved(Image.new(mode, (400, 300)), "PNG"))
    assert opened(picture).mode == "RGB"


def test_a_cmyk_jpeg_keeps_its_colours(gate: Gate) -> None:
    picture = gate.decode(saved(scene().convert("CMYK"), "JPEG", quality=95))
    assert corner_names(opened(picture)) == UPRIGHT


def test_sixteen_bits_are_reduced_not_clipped(gate: Gate) -> None:
    grey = Image.new("I;16", (400, 300), 32768)
    assert opened(gate.decode(saved(grey, "PNG"))).getpixel((200, 150)) in {
        (level,) * 3 for level in range(126, 131)
    }


def test_what_is_transparent_becomes_white_paper(gate: Gate) -> None:
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    assert opened(gate.decode(saved(clear, "PNG"))).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(gate: Gate, kind: str) -> None:
    later = [Image.new("RGB", (800, 600), colour) for colour in ("black", "yellow")]
    moving = saved(scene(), kind, save_all=True, append_images=later, duration=40)
    assert corner_names(opened(gate.decode(moving))) == UPRIGHT


def test_a_phone_jpeg_with_a_second_picture_inside_is_a_jpeg(gate: Gate) -> None:
    second = [Image.new("RGB", (80, 60), "black")]
    double = saved(scene(), "MPO", save_all=True, append_images=second)
    picture = gate.decode(double)
    assert picture.kind is Kind.JPEG
    assert corner_names(opened(picture)) == UPRIGHT


def test_damaged_exif_costs_no_picture(gate: Gate) -> None:
    told = exif(orientation=6, taken="2026:10:01 09:30:00", gps=YANJIANG).tobytes()
    for cut in range(8, len(told), 7):
        picture = gate.decode(jpeg(exif=told[:cut]))
        assert len(picture.derivatives) == 3


def test_the_same_bytes_give_the_same_derivatives(gate: Gate) -> None:
    assert gate.decode(jpeg()).derivatives == gate.decode(jpeg()).derivatives
