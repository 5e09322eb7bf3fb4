"""Are the pictures of scans what the rows say? Each is read; what no row names is found."""

from collections.abc import Iterator
from uuid import UUID

from audit.core.db import db
from audit.photos.leftovers import fault_of, leftovers
from audit.photos.rules import original_key
from audit.photos.storage import FolderStorage

from .actions.clearing import named_pictures, pictures_of
from .actions.keeping import picture_storage
from .models import ScanResult

SURPLUS = "no scan in the database needs this file"
STRANGER = "this file is no picture of ours"


def check_scan_pictures(*, repair: bool = False) -> list[str]:
    """One sentence for each fault. `repair` deletes what `leftovers` says, nothing else."""
    storage, known = picture_storage(), set[str]()
    found = list(_faults(storage, known))
    found += leftovers(storage, known, surplus=SURPLUS, stranger=STRANGER, repair=repair)
    return found


def _faults(storage: FolderStorage, known: set[str]) -> Iterator[str]:
    read: dict[str, str] = {}
    for scan_id, result_id, named in named_pictures():
        for digest in sorted(named):
            key = original_key(digest)
            known.add(key)
            if key not in read:
                read[key] = fault_of(storage, key, digest)
            if read[key] and digest in _named_now(result_id):
                yield f"{read[key]}: {key}, scan {scan_id}"


def _named_now(result_id: UUID) -> set[str]:
    """The pictures may have been ended while files were read."""
    found = pictures_of(db.session.get_one(ScanResult, result_id))
    db.session.rollback()
    return found
