"""One notice to an organisation, whose link everybody knows who tries the demonstration."""

from datetime import datetime

from audit.assignments.actions import Told, foresee, grouped, make_assignments, reissue
from audit.core.actors import Actor, Role
from audit.core.clock import at
from audit.findings.models import Finding
from audit.findings.queries import FindingFilter, list_findings
from audit.findings.rules import OPEN_STATES

from .reading import people
from .telling import City, made_id

LINK = "-".join(["DEMA", "NTCE", *["2222"] * 11])
CONTACT = "王科长 028-26110000（示例）"


def assign_one(city: City, moment: datetime) -> None:
    """Whatever one organisation in one district has to answer, where that is most."""
    groups = [
        (findings, city.actors[one.login])
        for one in people()
        if one.role is Role.DEPARTMENT
        for findings in _groups(city.actors[one.login])
    ]
    if not groups:
        return
    findings, actor = max(groups, key=lambda one: len(one[0]))
    rows, told = (
        {one.number: one.last_seq for one in findings},
        Told(CONTACT, "请在期限内改好，拍照答复。"),
    )
    with at(moment):
        made = make_assignments(rows, actor, told, made_id(moment, f"{city.seed}-notice"))
        reissue(made[0].assignment, actor, LINK)


def _groups(actor: Actor) -> list[list[Finding]]:
    rows, _total = list_findings(actor, FindingFilter(states=tuple(sorted(OPEN_STATES))))
    return grouped(foresee(dict.fromkeys(one.number for one in rows), actor))
