"""Findings as a paper tells them: from rows to plain values, in Chinese."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from audit.checklists.rules import Force, Outcome
from audit.core.clock import here, today
from audit.duties.queries import duties_of
from audit.duties.rules import DUTIES
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import DONE, OPEN_STATES, RECHECKS, SEVERITIES, Source, State, Verb
from audit.photos.actions import photo_storage
from audit.photos.models import Photo
from audit.photos.rules import Size, derivative_key

from .models import Document
from .rules.content import Figure, digest_of
from .rules.fitness import Candidate
from .rules.matter import Matter, Miss, Point, Turn, chinese_day

PICTURES_PER_SIDE = 2
FOUND = frozenset({Verb.OPEN, Verb.JOIN})
VOID = frozenset({State.REPORTED, State.REJECTED, State.WITHDRAWN, State.MERGED})
FORCES = {
    Force.MANDATORY: "强制性条文",
    Force.STANDARD: "标准",
    Force.ADVISORY: "推荐",
    Force.LAW: "法律",
    Force.PLAN: "规划",
    Force.REFERENCE: "参考",
}
OUTCOMES = {
    Outcome.BREACH: "不符合强制性标准",
    Outcome.NONCONFORMING: "不符合标准",
    Outcome.BELOW: "未达现行标准，列入改造",
    Outcome.UPKEEP: "维护或占用问题",
    Outcome.SERVICE: "服务问题",
    Outcome.ADVICE: "建议",
}


def matter_of(document: Document) -> Matter:
    """As things stand now, without number and day."""
    findings = [one.finding for one in document.findings]
    return Matter(
        addressee=document.organisation.name,
        credit_code=document.organisation.credit_code or "",
        points=tuple(point_of(one) for one in findings),
        texts=document.texts,
        article=document.article,
        version=document.version,
        district=document.district.name,
    )


def candidate_of(finding: Finding) -> Candidate:
    misses = finding.facts.get("missed", [])
    return Candidate(
        number=finding.number,
        kind=finding.kind,
        outcome=finding.outcome,
        organisation_id=addressee_id(finding),
        department_id=finding.department_id,
        district=finding.district_code,
        is_living=finding.state in OPEN_STATES - {State.REPORTED},
        is_verified=not finding.unverified and all(one.get("verified") for one in misses),
        was_rechecked=any(event.verb in RECHECKS for event in finding.events),
        is_referred=finding.referred_at is not None and finding.state not in VOID,
    )


def addressee_id(finding: Finding) -> UUID | None:
    """Who must fix it; before it is dispatched, who answers for the place."""
    return finding.organisation_id or finding.facility.organisation_id


def proposed_texts(findings: Sequence[Finding], to: UUID) -> dict[str, str]:
    """What is known of the blanks of a paper about these findings to this organisation."""
    names = [event.actor_name for one in findings for event in one.events if event.verb in FOUND]
    held = [duty for one in findings for duty in duties_of(one.facility_id)]
    duties = [DUTIES[one.duty].zh for one in held if one.organisation_id == to]
    last_days = [here(one.due_at).date() for one in findings if one.due_at is not None]
    due = max(last_days, default=None)
    return {
        "inspectors": "、".join(dict.fromkeys(names))[:200],
        "duty": "、".join(dict.fromkeys(duties))[:200],
        "due": due.isoformat() if due and due > today() else "",
    }


def point_of(finding: Finding) -> Point:
    place, events = finding.facility, finding.events
    found = [one for one in events if one.verb in FOUND]
    later = [one for one in events if one.verb not in FOUND]
    lies = place.lon is not None and place.lat is not None
    return Point(
        number=finding.number,
        title=finding.title_zh,
        severity=f"{finding.severity} {SEVERITIES[finding.severity].zh}",
        outcome=OUTCOMES.get(Outcome(finding.outcome), "") if _is_judged(finding) else "",
        place=place.name,
        place_number=place.number,
        address=place.url or place.address,
        coordinates=f"{place.lon:.5f}, {place.lat:.5f}" if lies else "",
        day=chinese_day(here(finding.opened_at).date()),
        found_by="、".join(dict.fromkeys(one.actor_name for one in found)),
        misses=_misses(finding),
        before=_pictures(found, finding, "整改前"),
        after=_pictures(later, finding, "整改后"),
        fixes=tuple(_turn(one) for one in later if one.verb is Verb.REPORT_FIXED),
        rechecks=tuple(_turn(one) for one in later if one.verb in RECHECKS),
    )


def _is_judged(finding: Finding) -> bool:
    """Scans judge by their own words."""
    return finding.outcome in set(Outcome)


def _misses(finding: Finding) -> tuple[Miss, ...]:
    facts = finding.facts
    if finding.source is Source.SCAN:
        seen = f"{facts.get('pages', 0)} 页，{facts.get('elements', 0)} 处"
        cited = "；".join(one["zh"] for one in facts.get("criteria", []))
        return (Miss("", seen, "没有这个问题", cited, "", not finding.unverified),)
    return tuple(_miss(one, finding) for one in facts.get("missed", []))


def _miss(miss: dict[str, object], finding: Finding) -> Miss:
    def zh(name: str) -> str:
        text = miss.get(name) or {}
        return str(text.get("zh", "")) if isinstance(text, dict) else ""

    cited = miss.get("citations") or []
    clauses = "；".join(one["zh"] for one in cited) if isinstance(cited, list) else ""
    force = str(finding.facts.get("force", ""))
    return Miss(
        field=zh("field"),
        measured=zh("measured"),
        required=zh("required"),
        clauses=clauses,
        force=FORCES.get(Force(force), "") if force in set(Force) else "",
        is_verified=bool(miss.get("verified")) and not finding.unverified,
    )


def _turn(event: FindingEvent) -> Turn:
    measured = [
        f"{one['field']['zh']} {one['measured']['zh']}，要求 {one['required']['zh']}".strip()
        for one in event.detail.get("measured", [])
    ]
    words = "；".join([*measured, event.why] if event.why else measured)
    return Turn(chinese_day(here(event.at).date()), event.actor_name, DONE[event.verb].zh, words)


def _pictures(events: Iterable[FindingEvent], finding: Finding, side: str) -> tuple[Figure, ...]:
    """The latest of a side."""
    shown = [(event, link.photo) for event in events for link in event.photos]
    return tuple(
        _figure(photo, finding, f"{side}，{chinese_day(here(event.at).date())}")
        for event, photo in shown[-PICTURES_PER_SIDE:]
    )


def _figure(photo: Photo, finding: Finding, when: str) -> Figure:
    width, height = photo.size_at(Size.LARGE)
    alt = f"{finding.facility.name}，{finding.title_zh}，{when}"
    return Figure(hash_of(photo), alt, f"{when}。", width, height)


def hash_of(photo: Photo) -> str:
    """Of what pages show, with its parts covered: never of the original."""
    if photo.shown_hashes:
        return photo.shown_hashes[0]
    return digest_of(read_picture(shown_key(photo)))  # from before hashes were noted


def shown_key(photo: Photo) -> str:
    return derivative_key(photo.shown, Size.LARGE)


def read_picture(key: str) -> bytes:
    with photo_storage().open(key) as file:
        return file.read()


def pictures_of(document: Document) -> list[Photo]:
    """Every picture that a paper may show."""
    return [
        link.photo
        for one in document.findings
        for event in one.finding.events
        for link in event.photos
    ]
