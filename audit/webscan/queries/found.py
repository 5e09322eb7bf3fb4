"""What a scan found, by rule, and the findings that it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from audit.core.db import db
from audit.core.text import Text
from audit.findings.models import Finding
from audit.findings.rules import OPEN_STATES, Source, State

from ..models import Scan, ScanPage, ScanResult
from ..rules.criteria import Criterion, criteria_of
from ..rules.results import Impact, Kind
from ..rules.texts import RuleText, find_rule_text
from ..rules.titles import rule_title
from .history import find_latest_scan

PREFIX = "axe:"


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


def rejected_rules(facility_id: UUID) -> set[str]:
    """Rules of which a person has said that they are no problem of this website: the last
    finding of each was not accepted."""
    rows = db.session.execute(
        select(Finding.rule_id, Finding.state)
        .where(Finding.facility_id == facility_id, Finding.source == Source.SCAN)
        .order_by(Finding.opened_at)
    )
    last = {rule_id.removeprefix(PREFIX): state for rule_id, state in rows}
    return {rule for rule, state in last.items() if state is State.REJECTED}


@dataclass(frozen=True)
class Latest:
    """What the latest finished scan says of one rule: `found` by the first of its kinds, a
    violation or a question; `is_suspect` while some page that had the fault is not judged again."""

    found: RuleFound | None
    is_suspect: bool
    at: datetime | None


def find_latest_results(facility_id: UUID, rule: str) -> Latest:
    """For the page of a finding."""
    latest = find_latest_scan(facility_id)
    if latest is None:
        return Latest(None, is_suspect=True, at=None)
    results = db.session.scalars(
        select(ScanResult)
        .join(ScanResult.page)
        .where(ScanPage.scan_id == latest.id, ScanResult.rule == rule)
        .options(contains_eager(ScanResult.page))
        .order_by(ScanPage.position)
    ).all()
    violated = [one for one in results if one.kind is Kind.VIOLATION]
    shown = violated or list(results)
    found = _rule_found(shown) if shown else None
    return Latest(found, rule in latest.suspects, latest.finished_at)
