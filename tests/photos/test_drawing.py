"""Sample pictures: the same for the same seed, marked as samples, told as a camera would."""

from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from PIL import Image

from audit.photos.drawing import drawn_photo
from audit.photos.gate import Gate
from audit.photos.scenes import Scene

MORNING = datetime(2026, 10, 1, 9, 30, tzinfo=timezone(timedelta(hours=8)))
SMALL = (480, 360)


@pytest.mark.parametrize("scene", list(Scene))
def test_a_scene_is_drawn_alike_for_a_seed_and_otherwise_for_another(scene: Scene) -> None:
    first = drawn_photo(scene, 1, SMALL)
    assert drawn_photo(scene, 1, SMALL) == first
    assert drawn_photo(scene, 2, SMALL) != first
    with Image.open(BytesIO(first)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", SMALL, "RGB")
        assert len(picture.getcolors(1 << 24)) > 1000


def test_the_reading_can_be_chosen_or_left_out() -> None:
    usual = drawn_photo(Scene.TOILET, 1, SMALL)
    assert drawn_photo(Scene.TOILET, 1, SMALL, reading="1400 mm") == usual
    assert drawn_photo(Scene.TOILET, 1, SMALL, reading="1520 mm") != usual
    assert drawn_photo(Scene.TOILET, 1, SMALL, reading="") != usual


def test_the_caption_stands_in_the_lower_left_corner_of_every_scene() -> None:
    for scene in Scene:
        with Image.open(BytesIO(drawn_photo(scene, 3, (1280, 960)))) as picture:
            plate = picture.convert("L").crop((21, 895, 341, 939))
        pixels = plate.tobytes()
        dark = sum(level < 70 for level in pixels) / len(pixels)
        bright = sum(level > 180 for level in pixels) / len(pixels)
        assert dark > 0.6
        assert 0.05 < bright < 0.3


@pytest.mark.parametrize(("lon", "lat"), [(104.6512345, 30.1234567), (-71.05, -33.4), (0.0, 1.0)])
def test_time_and_place_come_back_from_the_picture(gate: Gate, lon: float, lat: float) -> None:
    data = drawn_photo(Scene.RAMP, 1, SMALL, taken_at=MORNING, lon=lon, lat=lat, accuracy_m=7)
    capture = gate.decode(data).capture
    assert capture.taken_at == MORNING
    assert capture.lon == pytest.approx(lon, abs=5e-7)
    assert capture.lat == pytest.approx(lat, abs=5e-7)
    assert capture.accuracy_m == 7


def test_without_arguments_a_picture_tells_no_time_and_no_place(gate: Gate) -> None:
    capture = gate.decode(drawn_photo(Scene.KERB, 1, SMALL)).capture
    assert (capture.taken_at, capture.lon, capture.lat) == (None, None, None)
