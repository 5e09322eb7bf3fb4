"""Keep a draft; file an inspection: judge it, open findings, write the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.checklists.rules import (
    Answer,
    Answers,
    AnswerState,
    Checklist,
    InvalidAnswer,
    Judgement,
    Verdict,
    judge,
    plain_value,
    typed_value,
)
from audit.checklists.rules.confirming import with_confirmed
from audit.core.actors import Actor
from audit.core.clock import now, today
from audit.core.db import db
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.core.language import current_language
from audit.core.settings import settings
from audit.facilities.actions import check_on_register
from audit.facilities.models import Facility
from audit.findings.actions import Failure, Recheck, check_step, open_findings, recheck
from audit.findings.models import Finding
from audit.findings.rules import Source, Verb
from audit.geo.points import Point
from audit.journal.actions import record
from audit.standards.queries import confirmed_keys

from ..models import Inspection, InspectionAnswer, InspectionPhoto
from ..queries import (
    filed_at,
    find_inspection,
    ground_of,
    rechecks_of,
    tolerances,
    visits_of,
)
from ..rules import (
    InspectionState,
    content_hash,
    finding_facts,
    is_full,
    measured_facts,
    opens_finding,
)

OTHER_CONTENT = _(
    "这次检查已经提交过，内容与这一次不同。先提交的保持不变；如需更正，请另做一次检查。"
)
NO_LONGER_ASKED = _(
    "按现在登记的设施资料，这一项在这里不再适用，复查不能给出结果。请联系残联，由残联以“不再适用”销号。"
)
NOT_JUDGED = _("复查必须对这一项作出判断：请填写实测值或选择结果。")
FOLLOWS = {
    Verdict.PASS: Verb.PASS_RECHECK,
    Verdict.FAIL: Verb.FAIL_RECHECK,
    Verdict.SECOND_LOOK: Verb.NEAR_RECHECK,
}
NOT_YOURS = _("这份草稿是别人的，不能修改。")


@dataclass(frozen=True)
class Filing:
    """What arrives of one inspection. `photos`: ids of kept photos for each item id.

    `lon`, `lat`, `accuracy_m` are the phone's, WGS-84, or None.
    """

    id: UUID
    facility: Facility
    checklist: Checklist
    answers: Answers
    started_at: datetime
    photos: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    note: str = ""
    no_photo_reason: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    verifies: Finding | None = None

    def content(self) -> dict[str, Any]:
        return {
            "facility": str(self.facility.id),
            "checklist": [self.checklist.id, self.checklist.edition],
            "verifies": str(self.verifies.id) if self.verifies else None,
            "answers": {
                item: [answer.state, str(answer.value), answer.reason, answer.note]
                for item, answer in self.answers.items()
            },
            "photos": {item: [str(one) for one in ids] for item, ids in self.photos.items()},
            "note": [self.note, self.no_photo_reason],
        }


def keep_draft(filing: Filing, typed: dict[str, Any], actor: Actor) -> Inspection:
    """Keep what was typed so far. Raises `Conflict` once the inspection has been filed."""
    known = find_inspection(filing.id)
    if known is not None and known.state is InspectionState.SUBMITTED:
        raise Conflict(OTHER_CONTENT)
    inspection = _begin(filing, known, actor)
    inspection.typed = typed
    db.session.flush()
    _keep_photos(filing, is_new=known is None)
    record(actor, "keep_draft", "inspection", inspection.id, district=inspection.district_code)
    return inspection


def file_inspection(filing: Filing, actor: Actor) -> Inspection:
    """Judge and file. Each failed item opens a finding, or joins the one that is open.

    The same id with the same content gives back what was filed before; with other content it
    raises `Conflict`. A re-check closes or reopens the finding it verifies; it raises `Invalid`
    when its item was not judged. Anything but a re-check raises `OffRegister` at a place that has
    left the register.
    """
    digest = content_hash(filing.content())
    known = find_inspection(filing.id)
    if known is not None and known.state is InspectionState.SUBMITTED:
        if known.content_hash != digest or known.inspector_id != actor.id:
            raise Conflict(OTHER_CONTENT)
        return known
    if filing.verifies is None:
        check_on_register(filing.facility)
    inspection = _begin(filing, known, actor)
    inspection.content_hash, inspection.typed = digest, {}
    inspection.state, inspection.filed_at = InspectionState.SUBMITTED, now()
    db.session.flush()
    _keep_photos(filing, is_new=known is None)
    judgements = _judge(filing)
    if filing.verifies is None:
        _note_seen(filing.facility, judgements)
    found = _follow_up(filing, judgements, actor)
    failed = sum(opens_finding(one.verdict, one.outcome) for one in judgements.values())
    record(
        actor,
        "file",
        "inspection",
        inspection.id,
        district=inspection.district_code,
        detail={"checklist": filing.checklist.id, "failed": failed, "content": digest},
    )
    _keep_answers(filing, judgements, found)
    return inspection


def move_inspections(
    inspections: Sequence[Inspection], to: Facility, actor: Actor, why: str
) -> None:
    """They were made at `to`, which stood on the register as another place, or was part of one."""
    left = {one.facility_id for one in inspections}
    for one in inspections:
        detail = {"from": str(one.facility_id), "to": str(to.id)}
        record(
            actor, "move", "inspection", one.id, district=to.district_code, why=why, detail=detail
        )
        one.facility, one.district_code = to, to.district_code
    db.session.flush()
    for place in sorted(left | {to.id}) if inspections else []:
        see_anew(db.session.get_one(Facility, place))


def see_anew(facility: Facility) -> None:
    """Work out anew when all of it was looked at last."""
    days = [one.on.toordinal() for one in visits_of(filed_at(facility.id)).values() if one.is_full]
    facility.seen_day = max(days, default=None)


def _note_seen(facility: Facility, judgements: Mapping[str, Judgement]) -> None:
    asked = [one.verdict for one in judgements.values() if one.verdict is not Verdict.HIDDEN]
    checked = sum(verdict is not Verdict.NOT_CHECKED for verdict in asked)
    day = today().toordinal()
    if day > (facility.seen_day or 0) and is_full(checked, len(asked)):
        facility.seen_day = day


def check_may_save(
    known: Inspection | None, facility: Facility, verifies: Finding | None, actor: Actor
) -> None:
    """What would be refused anyway is refused before pictures are taken in. `known`: what was
    kept of it before.

    Raises `NotAllowed` for another person's draft, and what a step of a finding raises.
    """
    if known is not None and not _is_own(known, facility, verifies, actor):
        raise NotAllowed(NOT_YOURS)
    if verifies is not None:
        check_step(verifies, Verb.PASS_RECHECK, actor)


def _is_own(
    inspection: Inspection, facility: Facility, verifies: Finding | None, actor: Actor
) -> bool:
    """A re-check goes with its finding, which a merger may have moved since it was begun."""
    is_filed = inspection.state is InspectionState.SUBMITTED  # then its content decides
    is_same = is_filed or inspection.facility_id == facility.id
    if verifies is not None:
        is_same = inspection.verifies_id == verifies.id
    return inspection.inspector_id == actor.id and is_same


def _begin(filing: Filing, known: Inspection | None, actor: Actor) -> Inspection:
    inspection = known
    if inspection is None:
        inspection = Inspection(
            id=filing.id,
            facility_id=filing.facility.id,
            district_code=filing.facility.district_code,
            verifies_id=filing.verifies.id if filing.verifies else None,
            state=InspectionState.DRAFT,
            inspector_id=actor.id,
            inspector_name=actor.name,
            started_at=filing.started_at,
        )
    if not _is_own(inspection, filing.facility, filing.verifies, actor):
        raise NotAllowed(NOT_YOURS)
    _state(inspection, filing)
    db.session.add(inspection)
    return inspection


def _state(inspection: Inspection, filing: Filing) -> None:
    checklist, facility = filing.checklist, filing.facility
    inspection.facility_id, inspection.district_code = facility.id, facility.district_code
    inspection.checklist_id, inspection.edition = checklist.id, checklist.edition
    inspection.checklist_hash = checklist.content_hash
    inspection.verifies_id = filing.verifies.id if filing.verifies else None
    inspection.round = 2 + rechecks_of(filing.verifies.id) if filing.verifies else 1
    inspection.lon, inspection.lat = filing.lon, filing.lat
    inspection.accuracy_m = filing.accuracy_m
    inspection.note, inspection.no_photo_reason = filing.note, filing.no_photo_reason
    inspection.facts = {
        "built_on": facility.built or None,
        "altered_on": facility.altered or None,
        **facility.judged_facts().values,
    }


def _keep_photos(filing: Filing, is_new: bool) -> None:
    if not is_new:
        db.session.execute(
            db.delete(InspectionPhoto).where(InspectionPhoto.inspection_id == filing.id)
        )
    rows = [
        {"inspection_id": filing.id, "photo_id": photo, "item_id": item, "position": place}
        for item, photos in filing.photos.items()
        for place, photo in enumerate(dict.fromkeys(photos))
    ]
    if rows:
        db.session.execute(db.insert(InspectionPhoto), rows)


def _judge(filing: Filing) -> dict[str, Judgement]:
    """A re-check is judged on the ground of the answers beside which it was found."""
    ground = ground_of(filing.verifies.id) if filing.verifies is not None else {}
    answers = {**ground, **filing.answers}
    checklist = with_confirmed(filing.checklist, confirmed_keys())
    try:
        judged = judge(checklist, answers, filing.facility.judged_facts(), tolerances())
    except InvalidAnswer as wrong:
        name = f"{wrong.item_id}.{wrong.field_id}" if wrong.field_id else wrong.item_id
        raise Invalid({name: wrong.reason.in_(current_language())}) from wrong
    if filing.verifies is None:
        return judged
    return {filing.verifies.rule_id: judged[filing.verifies.rule_id]}


def _follow_up(
    filing: Filing, judgements: Mapping[str, Judgement], actor: Actor
) -> dict[str, UUID]:
    """Open, close or reopen findings. Returns the finding of each item."""
    if filing.verifies is not None:
        _recheck(filing, filing.verifies, judgements[filing.verifies.rule_id], actor)
        return {filing.verifies.rule_id: filing.verifies.id}
    failures = [
        _failure(filing, one)
        for one in judgements.values()
        if opens_finding(one.verdict, one.outcome)
    ]
    found = open_findings(filing.facility, failures, actor, filing.id)
    return {rule_id: finding.id for rule_id, finding in found.items()}


def _recheck(filing: Filing, finding: Finding, judged: Judgement, actor: Actor) -> None:
    item = finding.rule_id
    if judged.verdict is Verdict.HIDDEN:
        raise Invalid({item: NO_LONGER_ASKED})
    if judged.verdict not in FOLLOWS:
        raise Invalid({item: NOT_JUDGED})
    seen = Recheck(
        inspection_id=filing.id,
        verb=FOLLOWS[judged.verdict],
        measured=measured_facts(judged),
        note="\n".join(one for one in (filing.answers[item].note, filing.note) if one),
        no_photo_reason=filing.no_photo_reason,
        photos=filing.photos.get(item, ()),
        far_m=_far_m(filing),
    )
    try:
        recheck(finding, actor, seen)
    except Invalid as wrong:  # by the names of this page's controls
        names = {"photos": f"photos.{item}", "why": "note"}
        raise Invalid({names[name]: told for name, told in wrong.problems.items()}) from wrong


def _far_m(filing: Filing) -> int | None:
    """How far from the facility the phone was, to ten metres; None where that is unknown or near
    enough to be its drift."""
    if filing.lon is None or filing.lat is None:
        return None
    apart = filing.facility.metres_from(Point(filing.lon, filing.lat)) - (filing.accuracy_m or 0)
    return round(apart / 10) * 10 if apart > settings().recheck_far_m else None


def _failure(filing: Filing, judged: Judgement) -> Failure:
    item = filing.checklist.item(judged.item_id)
    return Failure(
        source=Source.INSPECTION,
        checklist_id=filing.checklist.id,
        rule_id=item.id,
        title=item.problem or item.ask,
        severity=judged.severity,
        defect=judged.defect,
        outcome=judged.outcome or "",
        groups=tuple(item.groups),
        facts=finding_facts(judged),
        unverified=judged.unverified,
        experience=item.experience,
        note=filing.answers[item.id].note,
        photos=filing.photos.get(item.id, ()),
    )


def _keep_answers(
    filing: Filing, judgements: Mapping[str, Judgement], found: Mapping[str, UUID]
) -> None:
    rows = [
        _answer_row(filing, judgements[item.id], position, found.get(item.id))
        for position, item in enumerate(filing.checklist.items)
        if item.id in judgements and judgements[item.id].verdict is not Verdict.HIDDEN
    ]
    one_statement = {"render_nulls": True}  # else one for every run of rows with the same nulls
    db.session.execute(db.insert(InspectionAnswer), rows, execution_options=one_statement)


def _answer_row(
    filing: Filing, judged: Judgement, position: int, finding_id: UUID | None
) -> dict[str, Any]:
    item = filing.checklist.item(judged.item_id)
    answer = filing.answers.get(item.id, Answer.not_checked())
    answered = answer.state is AnswerState.ANSWERED
    return {
        "inspection_id": filing.id,
        "item_id": item.id,
        "position": position,
        "state": answer.state,
        "value": plain_value(typed_value(item, answer.value)) if answered else None,
        "note": answer.reason or answer.note,
        "verdict": judged.verdict,
        "outcome": judged.outcome,
        "facts": finding_facts(judged) if judged.results else {},
        "unverified": judged.unverified,
        "finding_id": finding_id,
    }
