"""Pictures of scans do not stay for ever: rows first, then the files that no row names any more."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.journal.actions import record
from audit.photos.rules import original_key

from ..models import Scan, ScanResult
from .keeping import picture_storage

PAGE = 500
A_DAY = 24 * 3600


def end_pictures(scan: Scan, actor: Actor) -> set[str]:
    """A scan shows no pictures from now on; the hashes of those it had. All else of it stays."""
    gone: set[str] = set()
    for page in scan.pages:
        for result in page.results:
            gone |= pictures_of(result)
            result.elements = [one | {"picture": None} for one in result.elements]
    scan.pictures_gone_at = now()
    place = scan.facility.district_code
    record(actor, "end_pictures", "scan", scan.id, district=place, detail={"pictures": len(gone)})
    return gone


def delete_pictures(hashes: Collection[str]) -> int:
    """Those of them that no scan names any more; how many. A file that was put within a day may
    belong to a page that is being saved."""
    storage = picture_storage()
    unneeded = set(hashes)
    for _scan_id, _result_id, named in named_pictures():
        unneeded -= named
    deleted = 0
    for one in sorted(unneeded):
        key = original_key(one)
        if storage.exists(key) and storage.age_seconds(key) > A_DAY:
            storage.delete(key)
            deleted += 1
    return deleted


def named_pictures() -> Iterator[tuple[UUID, UUID, set[str]]]:
    """Scan, result and the hashes of its pictures, of every result that has some; read in pages,
    with no transaction open in between."""
    last: UUID | None = None
    while True:
        query = select(ScanResult).join(ScanResult.page).order_by(ScanResult.id).limit(PAGE)
        rows = db.session.scalars(query.where(ScanResult.id > last) if last else query).all()
        found = [(row.page.scan_id, row.id, pictures_of(row)) for row in rows]
        db.session.rollback()
        if not found:
            return
        yield from (one for one in found if one[2])
        last = found[-1][1]


def pictures_of(result: ScanResult) -> set[str]:
    return {one["picture"] for one in result.elements if one.get("picture")}
