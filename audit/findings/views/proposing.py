"""Who is competent for a finding, and who is proposed to fix it: in words for its page."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from audit.routing.forms import scope_words
from audit.routing.queries import Competent, competent_for, competent_told

from ..models import Finding
from ..rules import OPEN_STATES, State
from .past import Past


@dataclass(frozen=True)
class Proposal:
    """`hint`: where the proposal comes from, or why there is none."""

    organisation_id: UUID | None
    hint: str
    department_words: str


def propose(finding: Finding, past: Past) -> Proposal:
    found = _route_of(finding)
    organisation_id, hint = _proposed(finding, past, found)
    return Proposal(finding.organisation_id or organisation_id, hint, _department(finding, found))


def _route_of(finding: Finding) -> Competent | None:
    """Of the day of its confirmation; before that, and for what was confirmed when there were no
    routes yet, of today."""
    for event in reversed(finding.events):
        if "route" in event.detail:
            return competent_told(event.detail["route"])
    return competent_for(finding.route_case()) if finding.state in OPEN_STATES else None


def _proposed(finding: Finding, past: Past, found: Competent | None) -> tuple[UUID | None, str]:
    """Whoever has just said that it is not theirs is not proposed again."""
    back, registered = past.sent_back, finding.facility.organisation
    refused = back.detail.get("organisation_id") if back else None
    if found and found.organisation and str(found.organisation.id) != refused:
        said = _("已按派单规则“%(what)s”填好，请核对。", what=scope_words(found.scope))
        return found.organisation.id, said
    if registered is None or not registered.active:
        return None, ""
    if str(registered.id) == refused:
        told = _("设施登记的责任单位刚把它退回，请另选一个单位；归属不清的，先问清楚。")
        return None, told
    return registered.id, _("已按设施登记的责任单位填好，请核对。")


def _department(finding: Finding, found: Competent | None) -> str:
    if finding.department is not None:
        return finding.department.name
    if finding.state is State.REPORTED and found and found.department:
        told = _("核实立案时确定；按现在的派单规则是%(name)s", name=found.department.name)
        return str(told)
    return str(_("没有"))
