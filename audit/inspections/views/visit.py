"""What is inspected: a place with a checklist, and for a re-check the finding."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.checklists.loader import UnknownChecklist, get_checklist
from audit.checklists.rules import Answers, Checklist, Item, possible_items
from audit.core.actors import Actor, May
from audit.core.errors import NotFound
from audit.editions.queries import (
    STILL_TAKEN_DAYS,
    checklists_in_force,
    was_in_force_lately,
)
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.findings.models import Finding
from audit.findings.queries import get_finding
from audit.photos.forms import told_capture

from .. import queries
from ..actions import Filing
from ..forms import InspectionForm, started_at, uuid_or_none
from ..models import Inspection

OVERTAKEN = lazy_gettext("检查表已换成新的版本。请按现在的问法再看一遍，然后提交。")
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


def visit_of_facility(asked: Mapping[str, str], actor: Actor) -> Visit:
    """Of `facility`, with the edition in force today of the `checklist` that is named, or of the
    only one."""
    facility = get_facility(_uuid(asked.get("facility", "")), actor, May.INSPECT)
    named = asked.get("checklist", "")
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


def sent_visit(
    known: Inspection | None, actor: Actor, sent: Mapping[str, str], days: int = STILL_TAKEN_DAYS
) -> Visit:
    """With the edition of the draft (`known`), or the one that the page showed if it was in force
    within the last `days`; else with the one in force today."""
    kept, number = _kept(known, actor, sent, days), sent.get("verifies", "")
    if number:
        return _with(visit_of_finding(number, actor), kept)
    if kept is None:
        return visit_of_facility(sent, actor)
    facility = get_facility(_uuid(sent.get("facility", "")), actor, May.INSPECT)
    if facility.kind not in kept.kinds:
        raise NotFound(NO_LIST)
    return Visit(facility, kept)


def is_overtaken(visit: Visit, sent: Mapping[str, str]) -> bool:
    """Whether the page that was sent showed an edition that is taken no more."""
    return sent.get("edition", "") not in ("", visit.checklist.edition)


def filing_of(
    visit: Visit, inspection_id: UUID, form: InspectionForm, sent: Mapping[str, str]
) -> Filing:
    told = told_capture(sent)
    return Filing(
        id=inspection_id,
        facility=visit.facility,
        checklist=visit.checklist,
        answers=form.answers,
        started_at=started_at(sent),
        photos=form.kept,
        note=form.note,
        no_photo_reason=form.no_photo_reason,
        lon=told.lon,
        lat=told.lat,
        accuracy_m=told.accuracy_m,
        verifies=visit.verifies,
    )


def _kept(
    known: Inspection | None, actor: Actor, sent: Mapping[str, str], days: int
) -> Checklist | None:
    if known is not None and known.inspector_id == actor.id:
        return get_checklist(known.checklist_id, known.edition)
    name, edition = sent.get("checklist", ""), sent.get("edition", "")
    try:
        shown = get_checklist(name, edition)
    except UnknownChecklist:
        return None
    return shown if edition and was_in_force_lately(name, edition, days) else None


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
