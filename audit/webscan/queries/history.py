"""A scan against the one before: what is suspect, what changed, where to look again."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, select

from audit.core.db import db
from audit.core.text import Text

from ..models import Scan, ScanPage, ScanResult, ScanState
from ..rules.addresses import is_same_site
from ..rules.changes import Change, Found, changes, suspects
from ..rules.outcomes import Outcome
from ..rules.rechecks import (
    FRAMES_MISSED,
    LEFT_OUT,
    LOADED_LATE,
    MOVED,
    NO_RECORD,
    NO_VERDICT,
    NOT_VISITED,
)
from ..rules.results import Kind


def find_latest_scan(facility_id: UUID) -> Scan | None:
    """The last finished scan of a website."""
    return _latest(facility_id)


def find_scan_before(scan: Scan) -> Scan | None:
    """The finished scan of the same website before this one."""
    return _latest(scan.facility_id, Scan.id != scan.id, Scan.requested_at <= scan.requested_at)


def _latest(facility_id: UUID, *where: ColumnElement[bool]) -> Scan | None:
    done = (Scan.facility_id == facility_id, Scan.state == ScanState.DONE)
    return db.session.scalar(
        select(Scan).where(*done, *where).order_by(Scan.requested_at.desc()).limit(1)
    )


def violations(scan: Scan) -> Found:
    """Each violated rule with the addresses of its pages."""
    found: dict[str, set[str]] = {}
    for rule, url in db.session.execute(
        select(ScanResult.rule, ScanPage.url)
        .join(ScanResult.page)
        .where(ScanPage.scan_id == scan.id, ScanResult.kind == Kind.VIOLATION)
    ):
        found.setdefault(rule, set()).add(url)
    return found


def suspects_of(scan: Scan | None) -> Found:
    """As the scan left them; none before the first scan."""
    return {} if scan is None else {rule: set(pages) for rule, pages in scan.suspects.items()}


def suspects_after(scan: Scan) -> Found:
    """What is suspect once a scan has seen its pages."""
    before = suspects_of(find_scan_before(scan))
    return suspects(before, violations(scan), partial(judged_urls, scan))


def judged_urls(scan: Scan, rule: str) -> frozenset[str]:
    """Pages that a scan has surely judged by a rule."""
    return frozenset(page.url for page in scan.pages if why_not_judged(page, rule) is None)


def why_not_judged(page: ScanPage, rule: str) -> Text | None:
    """None where a page was surely judged by a rule: not where it was not scanned, or in part,
    where a frame stayed closed, where time ran out for the rule, or where it could not decide. A
    page that is there no more has no fault."""
    if page.is_gone:
        return None
    if not page.outcome.is_scanned:
        return page.outcome.reason
    if page.outcome is Outcome.SCANNED_LATE:
        return LOADED_LATE
    if page.facts["frames_missed"]:
        return FRAMES_MISSED
    if rule in page.facts["left_out"]:
        return LEFT_OUT
    is_open = any(one.rule == rule and one.kind is Kind.QUESTION for one in page.results)
    return NO_VERDICT if is_open else None


def why_undecided(scan: Scan, rule: str) -> Text:
    """What keeps a scan from saying whether a fault is gone that it did not find."""
    known = {page.url: page for page in scan.pages}
    for url in sorted(scan.suspects.get(rule, ())):
        if not is_same_site(url, scan.url):
            return MOVED
        return (url in known and why_not_judged(known[url], rule)) or NOT_VISITED
    return NO_RECORD


def changes_of(scan: Scan) -> dict[str, Change]:
    """Each rule's change against the scan before; empty for the first scan of a website."""
    before = find_scan_before(scan)
    if before is None:
        return {}
    return changes(suspects_of(before), violations(scan), suspects_of(scan))


def urls_to_revisit(scan: Scan, awaited: Collection[str] = ()) -> list[str]:
    """Suspect pages, those of the awaited rules first; then what the scan before saw."""
    before = find_scan_before(scan)
    if before is None:
        return []
    pages_of = suspects_of(before)
    ordered = sorted(pages_of, key=lambda rule: (rule not in awaited, rule))
    suspect = [url for rule in ordered for url in sorted(pages_of[rule])]
    return list(dict.fromkeys([*suspect, *(page.url for page in before.seen)]))
