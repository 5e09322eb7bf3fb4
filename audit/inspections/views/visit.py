"""What is inspected: a place with a checklist, and for a re-check the finding."""

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask_babel import gettext as _

from audit.checklists.loader import checklists_for, get_checklist
from audit.checklists.rules import Answers, Checklist, Item, possible_items
from audit.core.actors import Actor, May
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.findings.models import Finding
from audit.findings.queries import get_finding

from .. import queries
from ..forms import uuid_or_none
from ..models import Inspection


@dataclass(frozen=True)
class Visit:
    facility: Facility
    checklist: Checklist
    verifies: Finding | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        if self.verifies is not None:
            return (self.checklist.item(self.verifies.rule_id),)
        return possible_items(self.checklist, self.facility.judged_facts())

    @property
    def ground(self) -> Answers:
        """The answers beside which the finding to re-check was found; empty for a first visit."""
        return queries.ground_of(self.verifies.id) if self.verifies is not None else {}


def visit_of_facility(text: str, actor: Actor) -> Visit:
    facility = get_facility(_uuid(text), actor, May.INSPECT)
    named = request.values.get("checklist", "")
    for checklist in checklists_for(facility.kind):
        if named in ("", checklist.id):
            return Visit(facility, checklist)
    raise NotFound(_("这类设施没有可用的检查表。"))


def visit_of_finding(number: str, actor: Actor) -> Visit:
    finding = get_finding(number, actor)
    if not finding.checklist_id:
        raise NotFound(_("网站的问题由重新扫描来复查。"))
    return Visit(finding.facility, queries.checklist_of(finding), finding)


def visit_of_draft(draft: Inspection, actor: Actor) -> Visit:
    if draft.verifies is not None:
        return visit_of_finding(draft.verifies.number, actor)
    facility = get_facility(draft.facility_id, actor)
    return Visit(facility, get_checklist(draft.checklist_id))


def sent_visit(actor: Actor) -> Visit:
    number = request.form.get("verifies", "")
    if number:
        return visit_of_finding(number, actor)
    return visit_of_facility(request.form.get("facility", ""), actor)


def _uuid(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise NotFound
    return found
