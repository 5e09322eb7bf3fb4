"""The end of a scan: what it says of the website's findings."""

from dataclasses import asdict
from uuid import UUID

from audit.core.actors import SYSTEM
from audit.core.clock import now
from audit.core.db import db
from audit.findings.actions import Failure, close_by_rescan, open_findings
from audit.findings.rules import Source
from audit.journal.actions import record

from ..models import UNDER_WAY, Scan, ScanState
from ..queries import PREFIX, RuleFound, open_findings_of_scans, rules_found, rules_mended
from ..rules.failures import ScanFailure
from ..rules.results import Kind


def finish_scan(scan: Scan) -> None:
    """Violated rules open or join findings; a rule that is fixed everywhere closes its finding.

    A scan that saw not one page has failed.
    """
    if not scan.seen:
        cause = scan.pages[0].cause if scan.pages else ""
        fail_scan(scan, ScanFailure.NOTHING_SEEN, cause)
        return
    scan.state, scan.finished_at = ScanState.DONE, now()
    db.session.flush()
    failures = [_failure(one) for one in rules_found(scan) if one.kind is Kind.VIOLATION]
    open_findings(scan.facility, failures, SYSTEM, scan.id)
    found = open_findings_of_scans(scan.facility_id)
    for rule in rules_mended(scan, found):
        close_by_rescan(found[rule], scan.id)
    detail = {"pages": len(scan.pages), "seen": len(scan.seen), "rules": len(failures)}
    district = scan.facility.district_code
    record(SYSTEM, "finish", "scan", scan.id, district=district, detail=detail)


def fail_scan(scan: Scan, failure: ScanFailure, detail: str = "") -> None:
    """It counts for nothing: no finding is opened or closed. `detail` is for technicians."""
    scan.state, scan.failure, scan.finished_at = ScanState.FAILED, failure, now()
    scan.error = detail[:500]
    district = scan.facility.district_code
    why = f"{failure}: {scan.error}".removesuffix(": ")
    record(SYSTEM, "fail", "scan", scan.id, district=district, why=why)


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
