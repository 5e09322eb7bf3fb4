"""The city's photos: drawn, and received as any photo is, before the first row is written."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from audit.core.actors import SYSTEM
from audit.photos.actions import ReceivedPhoto, receive_photo
from audit.photos.drawing import drawn_photo

from .happenings import Shot

USUAL, SMALL = (1280, 960), (480, 360)


def take_pictures(
    shots: Iterable[Shot], size: tuple[int, int], say: Callable[[str], None]
) -> dict[Shot, ReceivedPhoto]:
    """One thread draws ahead while the gate decodes, so that two cores are busy.

    Files without a row do no harm: a city that was not finished finds them again.
    """
    wanted, taken = list(dict.fromkeys(shots)), dict[Shot, ReceivedPhoto]()
    with ThreadPoolExecutor(max_workers=1) as painter:
        drawn = painter.map(lambda shot: _drawn(shot, size), wanted)
        for shot, content in zip(wanted, drawn, strict=True):
            taken[shot] = receive_photo(content, SYSTEM)
            if len(taken) % 50 == 0:
                say(f"  照片 {len(taken)}/{len(wanted)}")
    return taken


def _drawn(shot: Shot, size: tuple[int, int]) -> bytes:
    return drawn_photo(shot.scene, shot.seed, size, reading=shot.reading)
