"""The end of a scan: what it says of the website's findings."""

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from audit.core.actors import SCANNER
from audit.core.clock import now
from audit.core.db import db
from audit.core.text import Text
from audit.findings.actions import (
    Failure,
    close_by_rescan,
    leave_undecided,
    open_findings,
    reopen_by_rescan,
)
from audit.findings.models import Finding
from audit.findings.rules import Source, State
from audit.journal.actions import record

from ..models import UNDER_WAY, Scan, ScanState
from ..queries import (
    PREFIX,
    RuleFound,
    find_scan_before,
    open_findings_of_scans,
    rejected_rules,
    rules_found,
    suspects_after,
    suspects_of,
    why_undecided,
)
from ..rules.failures import ScanFailure
from ..rules.rechecks import (
    FOR_A_PERSON,
    SECOND_TRY,
    said_of_failing,
    said_of_not_knowing,
    said_of_passing,
)
from ..rules.results import Kind

FoundByRule = Mapping[str, RuleFound]


def finish_scan(scan: Scan) -> None:
    """Violated rules open or join findings; a rule that is fixed everywhere closes its finding,
    and one that was reported fixed and is not opens it again.

    A scan that saw not one page has failed.
    """
    if not scan.seen:
        cause = scan.pages[0].cause if scan.pages else ""
        fail_scan(scan, ScanFailure.NOTHING_SEEN, cause)
        return
    db.session.flush()
    scan.suspects = {rule: sorted(pages) for rule, pages in suspects_after(scan).items()}
    scan.state, scan.finished_at = ScanState.DONE, now()
    found = {one.rule: one for one in rules_found(scan) if one.kind is Kind.VIOLATION}
    open_before = open_findings_of_scans(scan.facility_id)
    _open_or_join(scan, found, open_before)
    _close_or_reopen(scan, found, open_before)
    detail = {"pages": len(scan.pages), "seen": len(scan.seen), "rules": len(found)}
    district = scan.facility.district_code
    record(SCANNER, "finish", "scan", scan.id, district=district, detail=detail)


def _open_or_join(scan: Scan, found: FoundByRule, open_before: Mapping[str, Finding]) -> None:
    """Not what awaits its re-check, nor what a person has found to be no problem."""
    passed_over = rejected_rules(scan.facility_id) | {
        rule for rule, finding in open_before.items() if finding.state is State.FIXED
    }
    failures = [_failure(one) for rule, one in found.items() if rule not in passed_over]
    open_findings(scan.facility, failures, SCANNER, scan.id)


def _close_or_reopen(scan: Scan, found: FoundByRule, open_before: Mapping[str, Finding]) -> None:
    before = suspects_of(find_scan_before(scan))
    for rule, finding in sorted(open_before.items()):
        if rule in before and rule not in scan.suspects:
            gone = [page for page in scan.pages if page.is_gone and page.url in before[rule]]
            said = said_of_passing(len(before[rule]), len(gone))
            close_by_rescan(finding, scan.id, said)
        elif rule in found:
            _reopen(scan, finding, found[rule])
        else:
            _leave(scan, finding, why_undecided(scan, rule))


def _reopen(scan: Scan, finding: Finding, found: RuleFound) -> None:
    """Where the fault was seen before its fix was reported, the next scan will tell."""
    if any(one.page.scanned_at >= finding.changed_at for one in found.shown):
        reopen_by_rescan(finding, scan.id, said_of_failing(found.pages, found.elements))


def _leave(scan: Scan, finding: Finding, why: Text) -> None:
    if finding.state is not State.FIXED or scan.requested_at < finding.changed_at:
        return
    said = said_of_not_knowing(why)
    is_again = finding.events[-1].detail.get("said") == asdict(said)
    for_a_person = why in FOR_A_PERSON or (is_again and why in SECOND_TRY)
    leave_undecided(finding, scan.id, said, for_a_person=for_a_person)


def fail_scan(scan: Scan, failure: ScanFailure, detail: str = "") -> None:
    """It counts for nothing: no finding is opened or closed, and those that it was to re-check
    wait on. `detail` is for technicians."""
    scan.state, scan.failure, scan.finished_at = ScanState.FAILED, failure, now()
    scan.error = detail[:500]
    for finding in open_findings_of_scans(scan.facility_id).values():
        _leave(scan, finding, (scan.trouble or failure).reason)
    district = scan.facility.district_code
    why = f"{failure}: {scan.error}".removesuffix(": ")
    record(SCANNER, "fail", "scan", scan.id, district=district, why=why)


def give_up_scan(error: str, scan_id: str) -> None:
    """The run that was to do a scan has failed for good; what it saw stays to be read."""
    scan = db.session.get(Scan, UUID(scan_id))
    if scan is not None and scan.state in UNDER_WAY:
        fail_scan(scan, ScanFailure.GAVE_UP, error)


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
            "criteria": [asdict(one.cited) for one in found.criteria],
        },
    )
