"""What is inspected: a place with a checklist, and for a re-check the finding."""

from dataclasses import dataclass, replace
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.checklists.loader import UnknownChecklist, get_checklist
from audit.checklists.rules import Answers, Checklist, Item, possible_items
from audit.core.actors import Actor, May
from audit.core.errors import NotFound
from audit.editions.queries import checklists_in_force, was_in_force_lately
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.findings.models import Finding
from audit.findings.queries import get_finding

from .. import queries
from ..forms import uuid_or_none
from ..models import Inspection

NO_LIST = lazy_gettext("这类设施没有可用的检查表。")


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
    """With the edition in force today of the list that is named, or of the only one."""
    facility = get_facility(_uuid(text), actor, May.INSPECT)
    named = request.values.get("checklist", "")
    for checklist in checklists_in_force(facility.kind):
        if named in ("", checklist.id):
            return Visit(facility, checklist)
    raise NotFound(NO_LIST)


def visit_of_finding(number: str, actor: Actor) -> Visit:
    finding = get_finding(number, actor)
    if not finding.checklist_id:
        raise NotFound(_("网站的问题由重新扫描来复查。"))
    return Visit(finding.facility, queries.checklist_of(finding), finding)


def visit_of_draft(draft: Inspection, actor: Actor) -> Visit:
    """A draft keeps its edition, whatever is in force by now."""
    kept = get_checklist(draft.checklist_id, draft.edition)
    if draft.verifies is not None:
        return _with(visit_of_finding(draft.verifies.number, actor), kept)
    return Visit(get_facility(draft.facility_id, actor), kept)


def sent_visit(known: Inspection | None, actor: Actor) -> Visit:
    """With the edition of the draft (`known`), or the one that the page showed if it was in force a
    few days ago; else with the one in force today."""
    kept, number = _kept(known, actor), request.form.get("verifies", "")
    if number:
        return _with(visit_of_finding(number, actor), kept)
    if kept is None:
        return visit_of_facility(request.form.get("facility", ""), actor)
    facility = get_facility(_uuid(request.form.get("facility", "")), actor, May.INSPECT)
    if facility.kind not in kept.kinds:
        raise NotFound(NO_LIST)
    return Visit(facility, kept)


def is_overtaken(visit: Visit) -> bool:
    """Whether the page that was sent showed an edition that is taken no more."""
    return request.form.get("edition", "") not in ("", visit.checklist.edition)


def _kept(known: Inspection | None, actor: Actor) -> Checklist | None:
    if known is not None and known.inspector_id == actor.id:
        return get_checklist(known.checklist_id, known.edition)
    name, edition = request.form.get("checklist", ""), request.form.get("edition", "")
    try:
        shown = get_checklist(name, edition)
    except UnknownChecklist:
        return None
    return shown if edition and was_in_force_lately(name, edition) else None


def _with(visit: Visit, kept: Checklist | None) -> Visit:
    finding = visit.verifies
    if kept is None or finding is None:
        return visit
    is_its_own = kept.id == finding.checklist_id and finding.rule_id in kept.by_id
    return replace(visit, checklist=kept) if is_its_own else visit


def _uuid(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise NotFound
    return found
