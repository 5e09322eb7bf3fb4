"""What a referral pack tells of findings beyond their points: from rows to plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from audit.accounts.models import Organisation
from audit.accounts.rules import OrganisationKind
from audit.assignments.models import Assignment, AssignmentItem
from audit.checklists.loader import get_checklist
from audit.core.clock import here
from audit.core.db import db
from audit.duties.queries import duties_of
from audit.duties.rules import DUTIES
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import DONE, STATES, Source
from audit.inspections.models import Inspection, InspectionAnswer
from audit.inspections.rules import InspectionState
from audit.photos.models import Photo
from audit.photos.rules import Kind as PhotoKind

from .models import Document, DocumentFinding
from .reading import FOUND, candidate_of
from .rules.duties import OWNERS, regulator_duty
from .rules.fitness import article_of
from .rules.kinds import KINDS, State
from .rules.matter import Dossier, Original, Turn, Visit, chinese_day

ENDINGS = {PhotoKind.JPEG: "jpg", PhotoKind.PNG: "png", PhotoKind.WEBP: "webp"}
GROUPS = {
    "mobility": "肢体障碍者",
    "vision": "视力障碍者",
    "hearing": "听力障碍者",
    "elderly": "老年人",
}


@dataclass(frozen=True)
class Moment:
    """A turn with its time, to be put in order."""

    at: datetime
    turn: Turn


def procuratorate_for(district_code: str) -> Organisation | None:
    """The district's own; else that of the city."""
    rows = db.session.scalars(
        select(Organisation)
        .where(
            Organisation.kind == OrganisationKind.PROCURATORATE,
            Organisation.active,
            or_(Organisation.district_code == district_code, Organisation.district_code.is_(None)),
        )
        .order_by(Organisation.name)
    ).all()
    return min(rows, key=lambda one: one.district_code is None, default=None)


def proposed_summary(findings: Sequence[Finding]) -> dict[str, str]:
    """What the records say, to begin the summary with."""
    places = len({one.facility_id for one in findings})
    grave = sum(one.severity in {"S1", "S2"} for one in findings)
    since = chinese_day(min(here(one.opened_at).date() for one in findings))
    escalated = sum(one.escalated_at is not None for one in findings)
    told = f"自{since}起，在 {places} 处点位发现 {len(findings)} 个无障碍问题"
    told += f"，其中 {grave} 个有危险或者造成无法使用。" if grave else "。"
    if escalated:
        told += f"经督办仍未整改到位的 {escalated} 个。"
    return {"summary": told}


def dossiers_of(findings: Sequence[Finding]) -> tuple[Dossier, ...]:
    return tuple(_dossier(number, one) for number, one in enumerate(findings, 1))


def _dossier(number: int, finding: Finding) -> Dossier:
    place = finding.facility
    owner = finding.organisation or place.organisation
    article = article_of(candidate_of(finding))
    return Dossier(
        state=STATES[finding.state].zh,
        owner=owner.name if owner else "",
        owner_role=_roles(finding, owner),
        owner_duty=OWNERS[article],
        regulator=finding.department.name if finding.department else "",
        regulator_duty=regulator_duty(article),
        groups="、".join(GROUPS[one] for one in finding.groups if one in GROUPS),
        extent=_extent(finding),
        lon=place.lon,
        lat=place.lat,
        visits=tuple(_visits(finding)),
        history=tuple(_history(finding)),
        originals=tuple(_originals(number, finding)),
    )


def _roles(finding: Finding, owner: Organisation | None) -> str:
    held = [one.duty for one in duties_of(finding.facility_id)
            if owner is not None and one.organisation_id == owner.id]  # fmt: skip
    return "、".join(DUTIES[one].zh for one in held)


def _extent(finding: Finding) -> str:
    """Only what is known: a scan counts, a visit says how often it was found."""
    if finding.source is Source.SCAN:
        facts = finding.facts
        return f"{facts.get('pages', 0)} 页，{facts.get('elements', 0)} 处"
    return f"发现 {finding.times_found} 次" if finding.times_found > 1 else ""


def _visits(finding: Finding) -> Iterable[Visit]:
    answered = select(InspectionAnswer.inspection_id).where(
        InspectionAnswer.finding_id == finding.id
    )
    rows = db.session.scalars(
        select(Inspection)
        .where(
            Inspection.state == InspectionState.SUBMITTED,
            or_(Inspection.id.in_(answered), Inspection.verifies_id == finding.id),
        )
        .order_by(Inspection.started_at, Inspection.id)
    )
    for one in rows:
        title = get_checklist(one.checklist_id, one.edition).title.zh
        what = "首次检查" if one.round == 1 else f"第 {one.round} 轮复查"
        yield Visit(
            _minute(one.started_at), one.inspector_name, f"{title}（{one.edition}）", what, one.note
        )


def _history(finding: Finding) -> list[Turn]:
    """Every step, every notice and its receipt, every paper that was issued, in order of time."""
    told = [Moment(one.at, _turn(one)) for one in finding.events]
    told += _notices(finding.id) + _papers(finding.id)
    return [one.turn for one in sorted(told, key=lambda one: one.at)]


def _turn(event: FindingEvent) -> Turn:
    whom, until = event.detail.get("organisation"), event.detail.get("until")
    said = [f"单位：{whom}" if whom else "", f"日期：{until}" if until else "", event.why]
    words = "；".join(one for one in said if one)
    return Turn(_minute(event.at), event.actor_name, DONE[event.verb].zh, words)


def _notices(finding_id: UUID) -> list[Moment]:
    rows = db.session.scalars(
        select(Assignment)
        .join(AssignmentItem, AssignmentItem.assignment_id == Assignment.id)
        .where(AssignmentItem.finding_id == finding_id)
    ).all()
    told = [
        Moment(one.made_at, Turn(_minute(one.made_at), one.made_by_name, "发出整改通知",
                                 f"{one.number}，发给{one.organisation.name}"))
        for one in rows
    ]  # fmt: skip
    told += [
        Moment(one.confirmed_at, Turn(_minute(one.confirmed_at), one.signer_name,
                                      "签收整改通知", one.number))
        for one in rows if one.confirmed_at is not None
    ]  # fmt: skip
    return told


def _papers(finding_id: UUID) -> list[Moment]:
    rows = db.session.scalars(
        select(Document)
        .join(DocumentFinding)
        .where(DocumentFinding.finding_id == finding_id, Document.state == State.ISSUED)
    )
    return [_issue(one, one.issued_at) for one in rows if one.issued_at is not None]


def _issue(paper: Document, issued_at: datetime) -> Moment:
    what = f"签发{KINDS[paper.kind].title.zh}"
    words = f"{paper.number}，第 {paper.version} 版，发给{paper.organisation.name}"
    return Moment(issued_at, Turn(_minute(issued_at), paper.approved_by_name, what, words))


def _originals(number: int, finding: Finding) -> Iterable[Original]:
    """Of every step, the first first; a picture of two steps once."""
    seen = dict[UUID, tuple[Photo, str]]()
    for event in finding.events:
        side = "before" if event.verb in FOUND else "after"
        for link in event.photos:
            seen.setdefault(link.photo_id, (link.photo, side))
    for place, (photo, side) in enumerate(seen.values(), 1):
        ending = ENDINGS[PhotoKind(photo.kind)]
        lies = photo.lon is not None and photo.lat is not None
        yield Original(
            photo_id=str(photo.id),
            file=f"photos/{number:02}-{place:02}-{finding.number}-{side}.{ending}",
            sha256=photo.sha256,
            size=photo.byte_size,
            side=side,
            received=_minute(photo.uploaded_at),
            taken=_minute(photo.taken_at) if photo.taken_at else "",
            place=f"{photo.lon:.6f}, {photo.lat:.6f}" if lies else "",
            is_gone=photo.original_gone_at is not None,
        )


def _minute(moment: datetime) -> str:
    return f"{here(moment):%Y-%m-%d %H:%M}"
