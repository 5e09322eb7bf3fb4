"""One place: its facts stated anew, or off the register."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.errors import Conflict, Invalid
from audit.facilities.actions.halves import edit_facility, refuse_facility, retire_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft
from audit.findings.actions.places import follow_facility, reject_all_at
from audit.findings.queries import count_open_at

from ..queries import why_problems

OPEN_FINDINGS = _("还有未销号的问题，现在不能注销。请先办结它们。")


def edit(
    facility: Facility, draft: FacilityDraft, actor: Actor, more: Mapping[str, str] | None = None
) -> None:
    """State the facts anew; its findings are where it is then. The journal keeps what the facts
    were, and `more`."""
    stood = _place(facility)
    edit_facility(facility, draft, actor, more)
    if _place(facility) != stood:
        follow_facility(facility)


def retire(facility: Facility, actor: Actor, why: str) -> None:
    """Take a place off the register; its history stays. Where it has left already, nothing.
    Raises `Conflict` while it has open findings."""
    check_why(why)
    if not facility.active:
        return
    if count_open_at([facility.id]):
        raise Conflict(OPEN_FINDINGS)
    retire_facility(facility, actor, why)


def refuse(facility: Facility, actor: Actor, why: str) -> None:
    """What was made on the spot is no facility: it leaves the register, and what was reported
    there is not accepted. Raises `Conflict` when it does not wait any more, and `Invalid` when
    one of its findings is under way already."""
    check_why(why)
    refuse_facility(facility, actor, why)
    reject_all_at(facility, actor, why)


def check_why(why: str) -> None:
    problems = why_problems(why)
    if problems:
        raise Invalid(problems)


def _place(facility: Facility) -> tuple[object, ...]:
    return facility.district_code, facility.lon, facility.lat
