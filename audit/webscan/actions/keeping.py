"""Keep what became of each page: its pictures on disk, its rows in the database."""

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.core.text import Text
from audit.photos.rules import original_key
from audit.photos.storage import FolderStorage

from ..models import Scan, ScanPage, ScanResult
from ..rules.results import Element, PageResult, RuleResult

MOST_ELEMENTS = 100  # kept of one rule on one page; all are counted


def picture_storage() -> FolderStorage:
    """Where pictures of elements lie, named by their content."""
    return FolderStorage(settings().var_dir / "scans")


def keep_page(scan_id: UUID, position: int, found: PageResult) -> ScanPage:
    """Save what became of one page, its pictures first. The same address again changes nothing."""
    known: ScanPage | None = db.session.scalar(
        db.select(ScanPage).where(ScanPage.scan_id == scan_id, ScanPage.url == found.url)
    )
    if known is not None:
        return known
    page = ScanPage(
        id=new_id(),
        scan_id=scan_id,
        position=position,
        url=found.url,
        final_url=found.final_url,
        outcome=found.outcome,
        status=found.status,
        cause=found.cause[:200],
        title=found.title[:300],
        facts=_facts(found),
        seconds=found.seconds,
        scanned_at=found.scanned_at or now(),
    )
    db.session.add(page)
    db.session.flush()
    db.session.add_all(_result(page.id, one) for one in found.results)
    scan = db.session.get_one(Scan, scan_id)
    if found.outcome.is_scanned and not scan.engine:
        scan.engine = asdict(found.engine) | {"rules": len(found.engine.rules)}
    return page


def keep_pictures(found: PageResult) -> None:
    """The bytes, durable before any row speaks of them."""
    storage = picture_storage()
    for result in found.results:
        for element in result.elements:
            if element.screenshot is not None:
                storage.put(original_key(_hash(element.screenshot)), element.screenshot)


def _facts(found: PageResult) -> dict[str, Any]:
    return {
        "links": list(found.links),
        "attachments": list(found.attachments),
        "passed": len(found.passed),
        "frames": found.frames,
        "frames_missed": found.frames_missed,
        "left_out": list(found.left_out),
        "refused": list(found.refused),
        "isolated": found.isolated,
    }


def _result(page_id: UUID, found: RuleResult) -> ScanResult:
    elements = found.elements[:MOST_ELEMENTS]
    place: dict[Text, int] = {}
    for one in elements:
        place.setdefault(one.message, len(place))
    return ScanResult(
        id=new_id(),
        page_id=page_id,
        rule=found.rule,
        kind=found.kind,
        impact=found.impact,
        tags=list(found.tags),
        messages=[asdict(message) for message in place],
        elements=[_element(one, place[one.message]) for one in elements],
        element_count=len(found.elements),
    )


def _element(element: Element, message: int) -> dict[str, Any]:
    return {
        "target": list(element.target),
        "snippet": element.snippet,
        "message": message,
        "frame_url": element.frame_url,
        "picture": _hash(element.screenshot) if element.screenshot is not None else None,
    }


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
