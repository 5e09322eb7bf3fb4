"""A website's finding is re-checked by scanning again, without a person."""

from uuid import UUID

from audit.core.actors import SYSTEM

from ..models import Finding
from ..rules import OPEN_STATES, State, Verb
from .steps import move


def close_by_rescan(finding: Finding, scan_id: UUID) -> None:
    """A later scan of the same pages no longer shows the fault."""
    if finding.state in OPEN_STATES:
        detail = {"found_in": str(scan_id)}
        move(finding, Verb.PASS_RECHECK, State.CLOSED, SYSTEM, "", detail, [])
