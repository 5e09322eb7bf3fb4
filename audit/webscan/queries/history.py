"""A scan against those before it: what changed, what is mended, where to look again."""

from collections.abc import Collection, Iterable
from functools import partial
from uuid import UUID

from sqlalchemy import Row, func, select

from audit.core.db import db

from ..models import Scan, ScanPage, ScanResult, ScanState
from ..rules.changes import Change, Found, changes
from ..rules.results import Kind


def find_scan_before(scan: Scan) -> Scan | None:
    """The finished scan of the same website before this one."""
    return db.session.scalar(
        select(Scan)
        .where(
            Scan.facility_id == scan.facility_id,
            Scan.state == ScanState.DONE,
            Scan.id != scan.id,
            Scan.requested_at <= scan.requested_at,
        )
        .order_by(Scan.requested_at.desc())
        .limit(1)
    )


def violations(scan_id: UUID) -> Found:
    """Each violated rule with the addresses of its pages."""
    rows = db.session.execute(
        select(ScanResult.rule, ScanPage.url)
        .join(ScanResult.page)
        .where(ScanPage.scan_id == scan_id, ScanResult.kind == Kind.VIOLATION)
    )
    return _by_rule(rows)


def last_seen(scan: Scan, rules: Collection[str]) -> Found:
    """The pages on which each of these rules was violated in the last scan before this one that
    found it so: the page may have been out of reach for a scan or two in between."""
    latest = func.max(Scan.requested_at).over(partition_by=ScanResult.rule).label("latest")
    seen = (
        select(ScanResult.rule, ScanPage.url, Scan.requested_at, latest)
        .join(ScanResult.page)
        .join(Scan, Scan.id == ScanPage.scan_id)
        .where(
            Scan.facility_id == scan.facility_id,
            Scan.state == ScanState.DONE,
            Scan.id != scan.id,
            Scan.requested_at <= scan.requested_at,
            ScanResult.kind == Kind.VIOLATION,
            ScanResult.rule.in_(rules),
        )
        .subquery()
    )
    where = seen.c.requested_at == seen.c.latest
    return _by_rule(db.session.execute(select(seen.c.rule, seen.c.url).where(where)))


def _by_rule(rows: Iterable[Row[str, str]]) -> Found:
    found: dict[str, set[str]] = {}
    for rule, url in rows:
        found.setdefault(rule, set()).add(url)
    return found


def retested_urls(scan: Scan, rule: str) -> frozenset[str]:
    """Pages that a scan has surely judged by a rule: not where time ran out for it, where it
    could not decide, or where a frame stayed closed."""
    return frozenset(page.url for page in scan.pages if _is_judged(page, rule))


def _is_judged(page: ScanPage, rule: str) -> bool:
    if not page.outcome.is_scanned or page.facts.get("frames_missed"):
        return False
    is_open = any(one.rule == rule and one.kind is Kind.QUESTION for one in page.results)
    return not is_open and rule not in page.facts.get("left_out", [])


def changes_of(scan: Scan) -> dict[str, Change]:
    """Each rule's change against the scan before; empty for the first scan of a website."""
    before = find_scan_before(scan)
    if before is None:
        return {}
    return changes(violations(before.id), violations(scan.id), partial(retested_urls, scan))


def rules_mended(scan: Scan, rules: Collection[str]) -> list[str]:
    """Which of these rules a scan shows to be mended on every page where each was last seen."""
    gone = set(rules) - violations(scan.id).keys()
    pages_of = last_seen(scan, gone)
    return sorted(rule for rule, pages in pages_of.items() if pages <= retested_urls(scan, rule))


def urls_to_revisit(scan: Scan) -> list[str]:
    """Pages of the scan before that had results, those with violations first."""
    before = find_scan_before(scan)
    if before is None:
        return []
    seen = set().union(*violations(before.id).values())
    scanned = [page.url for page in before.seen]
    return sorted(scanned, key=lambda url: url not in seen)
