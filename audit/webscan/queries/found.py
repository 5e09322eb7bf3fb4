"""What a scan found, by rule, and the findings that it belongs to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from audit.core.db import db
from audit.core.text import Text
from audit.findings.models import Finding
from audit.findings.rules import OPEN_STATES, Source

from ..models import Scan, ScanPage, ScanResult, ScanState
from ..rules.criteria import Criterion, criteria_of
from ..rules.results import Impact, Kind
from ..rules.texts import RuleText, find_rule_text
from ..rules.titles import rule_title

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
