"""Are the files what the rows say? Each file of each row is read; what nobody names is found."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from audit.core.db import db

from .actions import photo_storage
from .models import Photo
from .queries import get_photo
from .rules import KEY, Size, derivative_key, fitted, jpeg_size, original_key
from .storage import Storage, StorageAway

PAGE = 500
A_DAY = 24 * 3600
GIVING_UP = 3  # files in a row for which the storage did not answer: it is the storage
END_OF_JPEG = b"\xff\xd9"


class Fault(StrEnum):
    """In the words in which it is told."""

    NO_ORIGINAL = "the sealed original is missing"
    NO_DERIVATIVE = "a size that pages show is missing"
    NO_COVERED = "a size of the covered version is missing"
    UNREADABLE = "the file is there and cannot be read"
    CUT_OFF = "the file is cut off"
    CHANGED = "the file is not what was kept: its bytes have changed"
    WRONG_SIZE = "the file is a picture of another size"
    SURPLUS = "no photo in the database needs this file"
    STRANGER = "this file is no picture of ours"


SPARE = {Fault.SURPLUS, Fault.STRANGER}


@dataclass(frozen=True)
class Found:
    fault: Fault
    name: str
    photo_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.fault}: {self.name}" + (f", photo {self.photo_id}" * bool(self.photo_id))


@dataclass
class StoreReport:
    """What does not agree between the rows and the files."""

    photos: int = 0
    found: list[Found] = field(default_factory=list)
    unfinished: int = 0

    def named(self, *faults: Fault) -> list[str]:
        """The files with one of these faults, in the order in which they were found."""
        return [one.name for one in self.found if one.fault in faults]

    def lost(self) -> list[Found]:
        """All that is wrong but what merely lies there for nothing."""
        return [one for one in self.found if one.fault not in SPARE]


def check_photos(*, repair: bool = False) -> StoreReport:
    """Files that nobody names count from a day old on: a younger one may be an upload under way.
    `repair` deletes those that are ours, and unfinished ones; nothing else.

    No transaction is open while files are read. Raises `StorageAway` when it is the storage that
    does not answer, rather than a file in it.
    """
    storage, report, known = photo_storage(), StoreReport(), set[str]()
    next(storage.stored(), None)  # a bucket that is away is told before all files are "unreadable"
    reader = _Reader(storage)
    for photo in _rows():
        report.photos += 1
        faults = list(_faults(photo, reader, known))
        if faults and _row_now(photo.id) == photo:  # else covered or ended while it was read
            report.found += [Found(fault, key, photo.id) for key, fault in faults]
    for one in storage.stored():
        if one.name not in known and one.age_seconds > A_DAY:
            is_ours = KEY.fullmatch(one.name) is not None
            report.found.append(Found(Fault.SURPLUS if is_ours else Fault.STRANGER, one.name))
    if repair:
        _clear(storage, report)
    return report


def _clear(storage: Storage, report: StoreReport) -> None:
    for key in report.named(Fault.SURPLUS):
        if storage.age_seconds(key) > A_DAY:  # still: an upload of the same bytes touches it
            storage.delete(key)
    report.unfinished = storage.sweep()


@dataclass(frozen=True)
class _Row:
    id: UUID
    sha256: str
    byte_size: int
    size: tuple[int, int]
    shown: str
    hashes: list[str] | None
    is_gone: bool
    is_covered: bool


def _faults(photo: _Row, reader: "_Reader", known: set[str]) -> Iterator[tuple[str, Fault]]:
    if not photo.is_gone:
        key = original_key(photo.sha256)
        known.add(key)
        content = reader.read(key, Fault.NO_ORIGINAL)
        fault = content if isinstance(content, Fault) else _original_fault(content, photo)
        if fault:
            yield key, fault
    for place, size in enumerate(Size):
        key = derivative_key(photo.shown, size)
        known.add(key)
        absent = Fault.NO_COVERED if photo.is_covered else Fault.NO_DERIVATIVE
        content = reader.read(key, absent)
        wanted = photo.hashes[place] if photo.hashes else None
        box = fitted(*photo.size, size)
        fault = content if isinstance(content, Fault) else _shown_fault(content, wanted, box)
        if fault:
            yield key, fault


def _original_fault(content: bytes, photo: _Row) -> Fault | None:
    if hashlib.sha256(content).hexdigest() == photo.sha256:
        return None
    return Fault.CUT_OFF if len(content) < photo.byte_size else Fault.CHANGED


def _shown_fault(content: bytes, wanted: str | None, box: tuple[int, int]) -> Fault | None:
    """Of a picture from before hashes were noted, only its end and its size are known."""
    if wanted == hashlib.sha256(content).hexdigest():
        return None
    if not content.endswith(END_OF_JPEG):
        return Fault.CUT_OFF
    if jpeg_size(content) != box:
        return Fault.WRONG_SIZE
    return None if wanted is None else Fault.CHANGED


class _Reader:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._silent = 0

    def read(self, key: str, absent: Fault) -> bytes | Fault:
        try:
            with self._storage.open(key) as file:
                content = file.read()
        except FileNotFoundError:
            return absent
        except OSError:
            return Fault.UNREADABLE
        except StorageAway:
            self._silent += 1
            if self._silent == GIVING_UP:
                raise
            return Fault.UNREADABLE
        self._silent = 0
        return content


def _rows() -> Iterator[_Row]:
    """Read in pages, without a lock."""
    last: UUID | None = None
    while True:
        query = select(Photo).order_by(Photo.id).limit(PAGE)
        page = db.session.scalars(query.where(Photo.id > last) if last else query).all()
        rows = [_row(one) for one in page]
        db.session.rollback()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


def _row_now(photo_id: UUID) -> _Row:
    found = _row(get_photo(photo_id))
    db.session.rollback()
    return found


def _row(photo: Photo) -> _Row:
    return _Row(
        id=photo.id,
        sha256=photo.sha256,
        byte_size=photo.byte_size,
        size=(photo.width, photo.height),
        shown=photo.shown,
        hashes=photo.shown_hashes,
        is_gone=photo.original_gone_at is not None,
        is_covered=photo.shown_sha256 is not None,
    )
