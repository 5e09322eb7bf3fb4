"""What the worker does for a scan: page by page, each saved before the next begins."""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import joinedload, selectinload

from audit.browser.addresses import parse_allowances
from audit.browser.errors import BrowserMissing
from audit.core.actors import SCANNER, SYSTEM
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.core.settings import settings
from audit.facilities.models import Facility
from audit.findings.rules import State
from audit.queue.runs import Run, hourly, job, minutely

from .actions import (
    JOB,
    begin_scan,
    delete_pictures,
    end_pictures,
    fail_scan,
    finish_scan,
    give_up_scan,
    keep_page,
    keep_pictures,
    picture_storage,
    request_scan,
)
from .models import Scan, ScanPage
from .queries import open_findings_of_scans, scans_with_old_pictures, urls_to_revisit, websites_due
from .rules.failures import ScanFailure

log = logging.getLogger(__name__)
AT_ONCE = 20


@job(JOB, given_up=give_up_scan, slow=True)
def scan_website(_run: Run, scan_id: str) -> None:
    """Scan what is left of a scan's pages. Done twice, it does no page twice."""
    if not _scan(UUID(scan_id)).is_under_way:
        return
    with transaction():
        begin_scan(_scan(UUID(scan_id)))
    try:
        _scan_pages(UUID(scan_id))
    except BrowserMissing as error:
        with transaction():
            fail_scan(_scan(UUID(scan_id)), ScanFailure.NO_BROWSER, str(error))
        return
    with transaction():
        finish_scan(_scan(UUID(scan_id)))


@hourly
def sweep_pictures() -> int:
    """Remove what scans that died more than an hour ago have left half written."""
    return picture_storage().sweep()


@hourly
def end_old_pictures() -> int:
    """Remove pictures of scans that are older than the setting allows, a few scans at a time; how
    many scans. What was found stays."""
    days = settings().scan_pictures_days
    if not days:
        return 0
    with transaction():
        due = scans_with_old_pictures(now() - timedelta(days=days), AT_ONCE)
        gone = [end_pictures(scan, SYSTEM) for scan in due]
    if any(gone):
        delete_pictures(set().union(*gone))
    return len(gone)


@minutely
def look_again() -> None:
    """Ask for the re-checks that are due: one scan of a website for all that was reported fixed
    there, again on another day where it could not tell."""
    for facility_id in websites_due(now()):
        with suppress(Conflict), transaction():  # somebody was first: that scan will do
            request_scan(db.session.get_one(Facility, facility_id), SCANNER)


def _scan_pages(scan_id: UUID) -> None:
    from .engine.scanning import scan_site  # slow to load: selenium
    from .engine.sites import Seen, SiteSettings

    scan = _scan(scan_id)
    start, wanted = scan.url, scan.pages_wanted
    seen = [
        Seen(page.url, page.final_url, tuple(page.facts["links"]), page.outcome)
        for page in scan.pages
    ]
    findings = open_findings_of_scans(scan.facility_id)
    awaited = [rule for rule, one in findings.items() if one.state is State.FIXED]
    revisit = urls_to_revisit(scan, awaited)
    db.session.rollback()  # no lock is held while pages are visited
    chosen = settings()
    site = SiteSettings(pages=wanted, contact=chosen.scan_contact)
    allowed = parse_allowances(chosen.scan_allow)
    pages = scan_site(start, site, allowed, chosen.webdriver_url, seen, revisit)
    for position, found in enumerate(pages, start=len(seen) + 1):
        keep_pictures(found)
        with transaction():
            keep_page(scan_id, position, found)
        log.info("scan %s: page %s %s", scan_id, position, found.outcome)


def _scan(scan_id: UUID) -> Scan:
    scan: Scan = db.session.scalars(
        db.select(Scan)
        .where(Scan.id == scan_id)
        .options(joinedload(Scan.facility), selectinload(Scan.pages).selectinload(ScanPage.results))
        .execution_options(populate_existing=True)
    ).one()
    return scan
