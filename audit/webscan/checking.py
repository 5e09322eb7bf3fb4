"""Are the pictures of scans what the rows say? Each is read; what no row names is found."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from audit.core.db import db
from audit.photos.rules import KEY, original_key
from audit.photos.storage import FolderStorage

from .actions.clearing import A_DAY, named_pictures, pictures_of
from .actions.keeping import picture_storage
from .models import ScanResult

MISSING = "the file is missing"
UNREADABLE = "the file is there and cannot be read"
CHANGED = "the file is not what was kept: its bytes have changed"
SURPLUS = "no scan in the database needs this file"
STRANGER = "this file is no picture of ours"


def check_scan_pictures(*, repair: bool = False) -> list[str]:
    """One sentence for each fault. Files that nobody names count from a day old on: a younger one
    may belong to a page that is being saved. `repair` deletes those that are ours, no other."""
    storage, known = picture_storage(), set[str]()
    found = list(_faults(storage, known))
    for one in list(storage.stored()):
        if one.name in known or one.age_seconds <= A_DAY:
            continue
        is_ours = KEY.fullmatch(one.name) is not None
        found.append(f"{SURPLUS if is_ours else STRANGER}: {one.name}")
        if repair and is_ours and storage.age_seconds(one.name) > A_DAY:
            storage.delete(one.name)
    if repair:
        storage.sweep()
    return found


def _faults(storage: FolderStorage, known: set[str]) -> Iterator[str]:
    read: dict[str, str] = {}
    for scan_id, result_id, named in named_pictures():
        for digest in sorted(named):
            key = original_key(digest)
            known.add(key)
            if key not in read:
                read[key] = _fault(storage, key, digest)
            if read[key] and digest in _named_now(result_id):
                yield f"{read[key]}: {key}, scan {scan_id}"


def _fault(storage: FolderStorage, key: str, digest: str) -> str:
    try:
        with storage.open(key) as file:
            return "" if hashlib.sha256(file.read()).hexdigest() == digest else CHANGED
    except FileNotFoundError:
        return MISSING
    except OSError:
        return UNREADABLE


def _named_now(result_id: UUID) -> set[str]:
    """The pictures may have been ended while files were read."""
    found = pictures_of(db.session.get_one(ScanResult, result_id))
    db.session.rollback()
    return found
