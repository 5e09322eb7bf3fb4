"""What EXIF and a phone say of time and place, and what is not believed."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.photos.forms import told_capture
from audit.photos.rules import (
    Capture,
    Size,
    capture_from_exif,
    fitted,
    kind_of,
    moment_of,
    webp_size,
)

PLACE = {1: "N", 2: (30.0, 7.0, 12.0), 3: "E", 4: (104.0, 39.0, 0.0)}


def test_a_camera_without_a_zone_shows_the_time_of_china() -> None:
    assert moment_of("2026:10:01 09:30:00", None) == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offset", "hour"), [("+08:00", 1), ("+00:00", 9), ("-03:30", 13), (b"+06:00\0", 3)]
)
def test_a_camera_that_tells_its_zone_is_believed(offset: object, hour: int) -> None:
    minute = 0 if offset == "-03:30" else 30
    assert moment_of("2026:10:01 09:30:00", offset) == datetime(
        2026, 10, 1, hour, minute, tzinfo=UTC
    )


@pytest.mark.parametrize("offset", ["+8", "+15:00", "08:00", "+08:60", "   :  ", 480, None])
def test_a_zone_that_makes_no_sense_counts_as_none(offset: object) -> None:
    assert moment_of("2026:10:01 09:30:00", offset) == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "2026-10-01 09:30:00", "2026:13:01 09:30:00",
     "1970:01:01 00:00:00", "2026:10:01 25:00:00", "", None, 5, b"\xff\xfe", ("2026",)],
)  # fmt: skip
def test_a_time_that_makes_no_sense_is_left_out(text: object) -> None:
    assert moment_of(text, "+08:00") is None


def test_the_file_time_stands_in_for_the_time_of_capture() -> None:
    capture = capture_from_exif({0x0132: "2026:10:01 09:30:00"}, {}, {})
    assert capture.taken_at == datetime(2026, 10, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("north", "east", "lon", "lat"),
    [("N", "E", 104.65, 30.12), ("S", "W", -104.65, -30.12), (b"N\0", b"e", 104.65, 30.12)],
)
def test_the_letters_give_the_sign(north: object, east: object, lon: float, lat: float) -> None:
    capture = capture_from_exif({}, {}, {**PLACE, 1: north, 3: east})
    assert (capture.lon, capture.lat) == (lon, lat)


@pytest.mark.parametrize(
    "wrong",
    [{1: None}, {1: "X"}, {1: "NS"}, {1: ""}, {2: (30.0, 7.0)}, {2: None}, {2: 30.0}, {2: "30"},
     {2: (float("nan"), 0, 0)}, {2: (float("inf"), 0, 0)}, {2: (91, 0, 0)}, {4: (181, 0, 0)},
     {2: ("a", "b", "c")}, {2: (0, 0, 0), 4: (0, 0, 0)}, {4: (179, 120, 0)}],
)  # fmt: skip
def test_a_place_that_makes_no_sense_is_left_out_whole(wrong: dict[int, object]) -> None:
    capture = capture_from_exif({}, {}, {**PLACE, **wrong, 0x1F: 8.5})
    assert (capture.lon, capture.lat, capture.accuracy_m) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "kept"),
    [(8.54, 8.5), (Fraction(17, 2), 8.5), (0, 0), (-1, None), (float("nan"), None), ("far", None),
     (200_000, None)],
)  # fmt: skip
def test_an_accuracy_is_metres_or_nothing(told: object, kept: float | None) -> None:
    assert capture_from_exif({}, {}, {**PLACE, 0x1F: told}).accuracy_m == kept


def test_the_phone_goes_before_the_picture_for_time_and_for_place() -> None:
    morning, noon = datetime(2026, 10, 1, 1, tzinfo=UTC), datetime(2026, 10, 1, 4, tzinfo=UTC)
    picture = Capture(morning, 104.0, 30.0, 5.0)
    assert Capture().or_else(picture) == picture
    assert Capture(noon).or_else(picture) == Capture(noon, 104.0, 30.0, 5.0)
    assert Capture(None, 105.0, 31.0).or_else(picture) == Capture(morning, 105.0, 31.0, None)


def test_what_a_phone_tells_is_read() -> None:
    form = {"p-taken_at": "2026-10-01T09:30:00+08:00", "p-lon": "104.65", "p-lat": "30.12"}
    moment = datetime(2026, 10, 1, 1, 30, tzinfo=UTC)
    assert told_capture(form, "p-") == Capture(moment, 104.65, 30.12, None)
    assert told_capture({**form, "p-accuracy_m": "12.34"}, "p-").accuracy_m == 12.3


@pytest.mark.parametrize(
    "form",
    [{}, {"lon": "104.65"}, {"lon": "nan", "lat": "30"}, {"lon": "181", "lat": "30"},
     {"taken_at": "yesterday"}, {"taken_at": "2026-10-01T09:30:00"},
     {"taken_at": "0001-01-01T00:00:00+14:00"}, {"lon": "", "lat": "", "accuracy_m": "5"}],
)  # fmt: skip
def test_nonsense_from_a_phone_is_left_out(form: dict[str, str]) -> None:
    assert told_capture(form) == Capture()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["taken_at", "lon", "lat", "accuracy_m"]), st.text()))
def test_no_text_from_a_phone_is_an_error(form: dict[str, str]) -> None:
    capture = told_capture(form)
    assert (capture.lon is None) == (capture.lat is None)


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_have_a_kind_or_a_reason(data: bytes) -> None:
    kind_of(data)
    wide, high = webp_size(data)
    assert 0 <= wide <= 1 << 24
    assert 0 <= high <= 1 << 24


@settings(deadline=None)
@given(st.integers(1, 20_000), st.integers(1, 20_000), st.sampled_from(Size))
def test_a_derivative_fits_and_keeps_the_shape(width: int, height: int, size: Size) -> None:
    wide, high = fitted(width, height, size)
    assert 1 <= wide <= min(width, size)
    assert 1 <= high <= min(height, size)
    assert max(wide, high) == min(max(width, height), size)
    assert abs(wide * height - high * width) <= max(width, height)
