from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.facilities import queries as facilities
from audit.facilities.models import Facility

from ..models import UNDER_WAY, Scan, ScanPage, ScanResult, ScanState

LATEST = 30


def visible_to(actor: Actor) -> ColumnElement[bool]:
    return facilities.visible_to(actor, May.SEE_SCANS)


def list_scans(actor: Actor) -> Sequence[Scan]:
    """The latest first."""
    visible = select(Scan).join(Scan.facility).where(visible_to(actor))
    return db.session.scalars(_latest(visible, LATEST).options(joinedload(Scan.facility))).all()


def scans_of(facility_id: UUID, limit: int = 10) -> Sequence[Scan]:
    return db.session.scalars(
        _latest(select(Scan).where(Scan.facility_id == facility_id), limit)
    ).all()


def _latest(query: Select[Scan], limit: int) -> Select[Scan]:
    """With what became of each page, but not what was found there."""
    outcomes = selectinload(Scan.pages).load_only(ScanPage.position, ScanPage.outcome)
    return query.options(outcomes).order_by(Scan.requested_at.desc(), Scan.id).limit(limit)


def get_scan(scan_id: UUID, actor: Actor, *, with_results: bool = False) -> Scan:
    """With its pages. Raises `NotFound` also across districts."""
    pages = selectinload(Scan.pages)
    found = db.session.scalar(
        select(Scan)
        .join(Scan.facility)
        .where(Scan.id == scan_id, visible_to(actor))
        .options(
            joinedload(Scan.facility).joinedload(Facility.district),
            pages.selectinload(ScanPage.results) if with_results else pages,
        )
    )
    if found is None:
        raise NotFound
    return found


def find_unfinished(facility_id: UUID) -> Scan | None:
    """The scan of a website that is queued or running."""
    return db.session.scalar(
        select(Scan).where(Scan.facility_id == facility_id, Scan.state.in_(UNDER_WAY)).limit(1)
    )


def count_ahead(scan: Scan) -> int:
    """How many scans, of whatever website, come before one that waits."""
    return _count(Scan.state.in_(UNDER_WAY), Scan.requested_at < scan.requested_at)


def is_anything_scanned() -> bool:
    """Whether any scan is being done at this moment."""
    return _count(Scan.state == ScanState.RUNNING) > 0


def _count(*which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Scan).where(*which)) or 0


def scans_with_old_pictures(before: datetime, limit: int) -> Sequence[Scan]:
    """The oldest first. The latest of a website that saw something keeps its pictures, however old:
    they show what is to be mended."""
    later = aliased(Scan)
    is_outdone = exists().where(
        later.facility_id == Scan.facility_id,
        later.state == ScanState.DONE,
        later.requested_at > Scan.requested_at,
    )
    return db.session.scalars(
        select(Scan)
        .where(Scan.pictures_gone_at.is_(None), Scan.finished_at < before, is_outdone)
        .options(joinedload(Scan.facility), selectinload(Scan.pages).selectinload(ScanPage.results))
        .order_by(Scan.finished_at, Scan.id)
        .limit(limit)
    ).all()


def has_picture(scan: Scan, digest: str) -> bool:
    """Whether a picture (by the hash of its content) belongs to a scan."""
    hit = (
        select(ScanResult.id)
        .join(ScanResult.page)
        .where(ScanPage.scan_id == scan.id, cast(ScanResult.elements, Text).contains(digest))
        .limit(1)
    )
    return db.session.scalar(hit) is not None
