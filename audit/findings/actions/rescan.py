"""A website's finding is re-checked by the scanner, which is another than whoever fixed it.

`said` is what it found, in words for the event; the scan is named beside it.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from audit.core.actors import SCANNER, Actor
from audit.core.errors import Conflict
from audit.core.text import Text

from ..models import Finding
from ..rules import OPEN_STATES, State, Verb, Why
from .steps import REFUSALS, move, note, take


def close_by_rescan(finding: Finding, scan_id: UUID, said: Text) -> None:
    """The fault is gone; no matter whether anybody had reported it fixed yet."""
    if finding.state in OPEN_STATES:
        detail = _detail(scan_id, said)
        move(finding, Verb.PASS_RECHECK, State.CLOSED, SCANNER, "", detail, [])


def reopen_by_rescan(finding: Finding, scan_id: UUID, said: Text) -> None:
    """The fault was reported fixed and is still there."""
    if finding.state is State.FIXED:
        detail = _detail(scan_id, said)
        move(finding, Verb.FAIL_RECHECK, State.REOPENED, SCANNER, "", detail, [])


def leave_undecided(
    finding: Finding, scan_id: UUID, said: Text, *, for_a_person: bool = False
) -> None:
    """The scan could not tell: the finding stays where it is, with a note. The same once more is
    not noted again."""
    last = finding.events[-1]
    verb = Verb.HAND_OVER if for_a_person else Verb.UNDECIDED
    is_known = last.verb is verb and last.detail["said"] == asdict(said)
    if finding.state is State.FIXED and not is_known:
        note(finding, verb, finding.state, finding.state, SCANNER, "", _detail(scan_id, said))


def recheck_by_hand(finding: Finding, actor: Actor, why: str, *, passed: bool) -> None:
    """A person looks at what the scanner has handed over. Raises `Conflict` where it has not."""
    if not finding.is_handed_over:
        raise Conflict(REFUSALS[Why.STATE])
    take(finding, Verb.PASS_RECHECK if passed else Verb.FAIL_RECHECK, actor, why=why)


def _detail(scan_id: UUID, said: Text) -> dict[str, Any]:
    return {"found_in": str(scan_id), "said": asdict(said)}
