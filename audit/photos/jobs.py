import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from audit.core.actors import SYSTEM
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.settings import settings
from audit.queue.runs import Run, hourly, job

from .actions import delete_unneeded, destroy_original, photo_storage
from .models import Photo
from .queries import originals_before
from .rules import KEY, Size, derivative_key, original_key
from .storage import Storage

log = logging.getLogger(__name__)

PAGE = 500
A_DAY = 24 * 3600


@dataclass
class StoreReport:
    """What does not agree between the rows and the files."""

    photos: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    unfinished: int = 0

    def is_clean(self) -> bool:
        return not (self.missing or self.damaged or self.orphaned)


@hourly
def sweep_photos() -> int:
    """Remove what uploads that died more than an hour ago have left behind."""
    return photo_storage().sweep()


@job("discard_pictures")
def discard_pictures(_run: Run, keys: str) -> None:
    """What could not be deleted when a bucket did not answer."""
    delete_unneeded(keys.split())


@hourly
def end_retention() -> int:
    """Destroy originals that are older than the setting allows, some at a time; how many."""
    years = settings().originals_kept_years
    if not years:
        return 0
    with transaction():
        due = originals_before(now() - timedelta(days=365.25 * years), PAGE)
        for photo in due:
            destroy_original(photo, SYSTEM, "保存期限已到")
        return len(due)


def check_photos(*, repair: bool = False) -> StoreReport:
    """Read every original and compare it with its row; name files that no row knows.

    Orphans count from a day old on: a younger one may be an upload under way. `repair` deletes
    orphans and unfinished files, nothing else. No lock is held while files are read.
    """
    storage, report, known = photo_storage(), StoreReport(), set[str]()
    for sha256, shown_as, is_gone in _rows():
        report.photos += 1
        shown = [derivative_key(shown_as, size) for size in Size]
        report.missing += [key for key in shown if not storage.exists(key)]
        known.update(shown)
        if not is_gone:
            known.add(original_key(sha256))
            _check_original(storage, sha256, report)
    report.orphaned = [
        one.name
        for one in storage.stored()
        if KEY.fullmatch(one.name) and one.name not in known and one.age_seconds > A_DAY
    ]
    if repair:
        _clear(storage, report)
    return report


def _clear(storage: Storage, report: StoreReport) -> None:
    for key in report.orphaned:
        if storage.age_seconds(key) > A_DAY:  # still: an upload of the same bytes touches it
            storage.delete(key)
    report.unfinished = storage.sweep()


def _check_original(storage: Storage, sha256: str, report: StoreReport) -> None:
    key = original_key(sha256)
    try:
        with storage.open(key) as file:
            if hashlib.sha256(file.read()).hexdigest() != sha256:
                report.damaged.append(key)
    except FileNotFoundError:
        report.missing.append(key)


def _rows() -> Iterator[tuple[str, str, bool]]:
    """Each photo's hash, the name of what is shown, and whether its original is gone; read in
    pages, without a lock."""
    last: UUID | None = None
    while True:
        shown = func.coalesce(Photo.shown_sha256, Photo.sha256).label("shown")
        query = select(Photo.id, Photo.sha256, shown, Photo.original_gone_at).order_by(Photo.id)
        rows = db.session.execute(
            (query.where(Photo.id > last) if last else query).limit(PAGE)
        ).all()
        db.session.rollback()
        if not rows:
            return
        for row in rows:
            yield row.sha256, row.shown, row.original_gone_at is not None
        last = rows[-1].id
