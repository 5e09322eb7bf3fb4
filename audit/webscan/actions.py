"""Ask for a scan, keep its pages one by one, and turn what it found into findings."""

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import SYSTEM, Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, Invalid
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.actions import Failure, close_by_rescan, open_findings
from audit.findings.rules import Source
from audit.journal.actions import record
from audit.photos.rules import original_key
from audit.photos.storage import FolderStorage
from audit.queue.runs import later

from .models import Scan, ScanPage, ScanResult, ScanState
from .queries import (
    PREFIX,
    RuleFound,
    find_unfinished,
    open_findings_of_scans,
    rules_found,
    rules_mended,
)
from .rules.results import Element, Kind, PageResult, RuleResult

JOB = "scan_website"
ALREADY = _("这个网站正在扫描，完成后结果会显示在这里。")
NOT_A_SITE = _("只有网站可以扫描。")


def picture_storage() -> FolderStorage:
    """Where pictures of elements lie, named by their content."""
    return FolderStorage(settings().var_dir / "scans")


def request_scan(facility: Facility, actor: Actor, pages: int | None = None) -> Scan:
    """Promise a scan; a worker does it. Raises `Conflict` while one is under way."""
    if facility.kind is not FacilityKind.WEBSITE or facility.url is None:
        raise Invalid({"facility": NOT_A_SITE}, NOT_A_SITE)
    if find_unfinished(facility.id) is not None:
        raise Conflict(ALREADY)
    scan = Scan(
        id=new_id(),
        facility_id=facility.id,
        url=facility.url,
        state=ScanState.QUEUED,
        pages_wanted=pages or settings().scan_pages,
        requested_by_id=actor.id,
        requested_by_name=actor.name,
        requested_at=now(),
    )
    db.session.add(scan)
    db.session.flush()
    record(actor, "request", "scan", scan.id, district=facility.district_code)
    later(JOB, scan_id=str(scan.id))
    return scan


def begin_scan(scan: Scan) -> None:
    """Also when an interrupted scan is taken up again; what it has done stays done."""
    scan.state = ScanState.RUNNING
    scan.started_at = scan.started_at or now()


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


def finish_scan(scan: Scan) -> None:
    """Violated rules open or join findings; a rule that is fixed everywhere closes its finding."""
    scan.state, scan.finished_at = ScanState.DONE, now()
    db.session.flush()
    failures = [_failure(one) for one in rules_found(scan) if one.kind is Kind.VIOLATION]
    open_findings(scan.facility, failures, SYSTEM, scan.id)
    found = open_findings_of_scans(scan.facility_id)
    for rule in rules_mended(scan, found):
        close_by_rescan(found[rule], scan.id)
    detail = {"pages": len(scan.pages), "rules": len(failures)}
    district = scan.facility.district_code
    record(SYSTEM, "finish", "scan", scan.id, district=district, detail=detail)


def fail_scan(scan: Scan, reason: str) -> None:
    """The scan could not be done at all; it counts for nothing."""
    scan.state, scan.finished_at, scan.error = ScanState.FAILED, now(), reason[:500]
    district = scan.facility.district_code
    record(SYSTEM, "fail", "scan", scan.id, district=district, why=reason[:500])


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
    place: dict[Text, int] = {}
    for one in found.elements:
        place.setdefault(one.message, len(place))
    return ScanResult(
        id=new_id(),
        page_id=page_id,
        rule=found.rule,
        kind=found.kind,
        impact=found.impact,
        tags=list(found.tags),
        messages=[asdict(message) for message in place],
        elements=[_element(one, place[one.message]) for one in found.elements],
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


def _failure(found: RuleFound) -> Failure:
    groups = found.text.groups if found.text else ()
    return Failure(
        source=Source.SCAN,
        rule_id=f"{PREFIX}{found.rule}",
        title=found.title,
        severity=found.impact.severity,
        defect="functional",
        outcome="web",
        groups=groups,
        facts={
            "pages": found.pages,
            "elements": found.elements,
            "criteria": [
                {
                    "zh": f"WCAG 2.2 {one.number} {one.name.zh}（{one.level}）",
                    "en": f"WCAG 2.2 {one.number} {one.name.en} ({one.level})",
                }
                for one in found.criteria
            ],
        },
    )
