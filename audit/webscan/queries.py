from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.core.text import Text
from audit.facilities import queries as facilities
from audit.facilities.models import Facility
from audit.findings.models import Finding
from audit.findings.rules import OPEN_STATES, Source

from .models import Scan, ScanPage, ScanResult, ScanState
from .rules.changes import Change, Found, changes
from .rules.criteria import Criterion, criteria_of
from .rules.results import Impact, Kind
from .rules.texts import RuleText, find_rule_text
from .rules.titles import rule_title

PREFIX = "axe:"
LATEST = 30


@dataclass(frozen=True)
class RuleFound:
    """One rule over all pages of a scan. `shown` are its results, one a page."""

    rule: str
    kind: Kind
    impact: Impact
    title: Text
    criteria: tuple[Criterion, ...]
    text: RuleText | None
    elements: int
    shown: tuple[ScanResult, ...]

    @property
    def pages(self) -> int:
        return len(self.shown)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    return facilities.visible_to(actor, May.SEE_SCANS)


def list_scans(actor: Actor) -> Sequence[Scan]:
    """The latest first."""
    return db.session.scalars(
        select(Scan)
        .join(Scan.facility)
        .where(visible_to(actor))
        .options(joinedload(Scan.facility), selectinload(Scan.pages))
        .order_by(Scan.requested_at.desc(), Scan.id)
        .limit(LATEST)
    ).all()


def scans_of(facility_id: UUID, limit: int = 10) -> Sequence[Scan]:
    return db.session.scalars(
        select(Scan)
        .where(Scan.facility_id == facility_id)
        .options(selectinload(Scan.pages))
        .order_by(Scan.requested_at.desc(), Scan.id)
        .limit(limit)
    ).all()


def get_scan(scan_id: UUID, actor: Actor) -> Scan:
    """With pages and results. Raises `NotFound` also across districts."""
    found = db.session.scalar(
        select(Scan)
        .join(Scan.facility)
        .where(Scan.id == scan_id, visible_to(actor))
        .options(
            joinedload(Scan.facility).joinedload(Facility.district),
            selectinload(Scan.pages).selectinload(ScanPage.results),
        )
    )
    if found is None:
        raise NotFound
    return found


def find_unfinished(facility_id: UUID) -> Scan | None:
    """The scan of a website that is queued or running."""
    return db.session.scalar(
        select(Scan)
        .where(
            Scan.facility_id == facility_id,
            Scan.state.in_([ScanState.QUEUED, ScanState.RUNNING]),
        )
        .limit(1)
    )


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
        .options(selectinload(Scan.pages).selectinload(ScanPage.results))
        .order_by(Scan.requested_at.desc())
        .limit(1)
    )


def violations(scan: Scan) -> Found:
    """Each violated rule with the addresses of its pages."""
    found: dict[str, set[str]] = {}
    for page in scan.pages:
        for result in page.results:
            if result.kind is Kind.VIOLATION:
                found.setdefault(result.rule, set()).add(page.url)
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
    return changes(violations(before), violations(scan), partial(retested_urls, scan))


def rules_mended(scan: Scan, rules: Collection[str]) -> list[str]:
    """Which of these rules a scan shows to be mended on every page where each was last seen.

    The page may have been out of reach for a scan or two in between.
    """
    waiting = set(rules) - violations(scan).keys()
    mended: list[str] = []
    earlier = scan
    while waiting and (before := find_scan_before(earlier)) is not None:
        for rule, pages in violations(before).items():
            if rule in waiting:
                waiting.remove(rule)
                if pages <= retested_urls(scan, rule):
                    mended.append(rule)
        earlier = before
    return sorted(mended)


def urls_to_revisit(scan: Scan) -> list[str]:
    """Pages of the scan before that had results, those with violations first."""
    before = find_scan_before(scan)
    if before is None:
        return []
    seen = set().union(*violations(before).values())
    scanned = [page.url for page in before.pages if page.outcome.is_scanned]
    return sorted(scanned, key=lambda url: url not in seen)


def rules_found(scan: Scan) -> list[RuleFound]:
    """Violations before questions; the gravest and most widespread first."""
    grouped: dict[tuple[Kind, str], list[ScanResult]] = {}
    for page in scan.pages:
        for result in page.results:
            grouped.setdefault((result.kind, result.rule), []).append(result)
    found = [_rule_found(results) for results in grouped.values()]
    return sorted(
        found, key=lambda one: (one.kind is Kind.QUESTION, one.impact.rank, -one.pages, one.rule)
    )


def _rule_found(results: list[ScanResult]) -> RuleFound:
    first = results[0]
    return RuleFound(
        rule=first.rule,
        kind=first.kind,
        impact=min((one.impact for one in results), key=lambda impact: impact.rank),
        title=rule_title(first.rule),
        criteria=tuple(criteria_of(tuple(first.tags))),
        text=find_rule_text(first.rule),
        elements=sum(one.element_count for one in results),
        shown=tuple(results),
    )


def open_findings_of_scans(facility_id: UUID) -> dict[str, Finding]:
    """The open findings of a website by rule of axe."""
    rows = db.session.scalars(
        select(Finding).where(
            Finding.facility_id == facility_id,
            Finding.source == Source.SCAN,
            Finding.state.in_(sorted(OPEN_STATES)),
        )
    )
    return {row.rule_id.removeprefix(PREFIX): row for row in rows}


def find_latest_results(facility_id: UUID, rule: str) -> RuleFound | None:
    """What the latest finished scan says of one rule, for the page of its finding."""
    latest = db.session.scalar(
        select(Scan)
        .where(Scan.facility_id == facility_id, Scan.state == ScanState.DONE)
        .options(selectinload(Scan.pages).selectinload(ScanPage.results))
        .order_by(Scan.requested_at.desc())
        .limit(1)
    )
    if latest is None:
        return None
    return next((one for one in rules_found(latest) if one.rule == rule), None)
