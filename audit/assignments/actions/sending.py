"""Findings into notices: first what would happen, then all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from audit.clocks.queries import rulebook
from audit.core.actors import Actor, May
from audit.core.clock import now, today
from audit.core.db import db, next_numbers
from audit.core.errors import Conflict, Invalid
from audit.core.settings import settings
from audit.findings.models import Finding
from audit.findings.queries import findings_named
from audit.notices.rules import Channel

from ..models import Assignment, AssignmentItem
from ..queries import living_of
from ..rules import answers_open, receipt_due
from .links import new_link
from .noting import note

NOT_THERE = _("没有这个问题，或者不归您看。")
NOBODY = _("还没有派给整改单位，或者现在不等这个单位办。")
ELSEWHERE = _("这个问题不在您负责的区县内。")


@dataclass(frozen=True)
class Outlook:
    """Whether a finding would go into a notice. `why_not`: a sentence where it would not;
    `within`: the notice that it stands in already; `moved`: somebody has taken a step since."""

    number: str
    finding: Finding | None
    why_not: object = ""
    within: Assignment | None = None
    moved: bool = False


@dataclass(frozen=True)
class Told:
    """What the office says with a notice; `contact`: whom to call; `by`: how its link is sent to
    the organisation beside the paper."""

    contact: str
    note: str = ""
    by: frozenset[Channel] = frozenset()


@dataclass(frozen=True)
class Made:
    """A notice and the secret of its link, which nothing keeps."""

    assignment: Assignment
    secret: str


def foresee(rows: Mapping[str, int | None], actor: Actor, *, lock: bool = False) -> list[Outlook]:
    """In the order of `rows`: a number, and the latest step that was shown."""
    found = {one.number: one for one in findings_named(rows, actor, lock=lock)}
    within = living_of([one.id for one in found.values()])
    return [_outlook(number, seq, found.get(number), within, actor) for number, seq in rows.items()]


def _outlook(
    number: str,
    seq: int | None,
    finding: Finding | None,
    within: Mapping[UUID, Assignment],
    actor: Actor,
) -> Outlook:
    if finding is None:
        return Outlook(number, None, NOT_THERE, moved=seq is not None)
    moved, assignment = seq not in (None, finding.last_seq), within.get(finding.id)
    if not actor.may(May.ASSIGN, finding.district_code):
        return Outlook(number, finding, ELSEWHERE, moved=moved)
    if not answers_open(finding.decisive_facts()):
        return Outlook(number, finding, NOBODY, moved=moved)
    if assignment is not None:
        told = _("已经在通知 %(number)s 里。", number=assignment.number)
        return Outlook(number, finding, told, assignment, moved)
    return Outlook(number, finding, moved=moved)


Group = tuple[UUID, str]  # one organisation in one district


def _group(finding: Finding) -> Group:
    assert finding.organisation_id is not None  # noqa: S101 -- foreseen as possible
    return finding.organisation_id, finding.district_code


def grouped(outlooks: Sequence[Outlook]) -> list[list[Finding]]:
    """The findings of each notice that would be made."""
    possible = [one.finding for one in outlooks if one.finding and not one.why_not]
    possible.sort(key=lambda one: (str(one.organisation_id), one.district_code))
    groups = [list(found) for _key, found in groupby(possible, _group)]
    return [sorted(one, key=lambda row: (row.severity, row.number)) for one in groups]


def make_assignments(
    rows: Mapping[str, int], actor: Actor, told: Told, bulk_id: UUID
) -> list[Made]:
    """One notice for each organisation and district, each with a link. Empty where this has been
    done already under the same id.

    Raises `Conflict` where a finding has moved or can no longer be sent; then nothing was made.
    """
    outlooks = foresee(rows, actor, lock=True)
    groups = grouped(outlooks)
    ids = [uuid5(bulk_id, f"{_group(found[0])}") for found in groups]
    if _known(rows, bulk_id, actor):
        return []
    if not groups or any(one.why_not or one.moved for one in outlooks):
        raise Conflict
    _check_told(told)
    year = today().year
    serials = next_numbers(f"assignment-{year}", len(groups))
    return [
        _make(one_id, f"ZG-{year}-{serial:06d}", found, actor, told)
        for one_id, serial, found in zip(ids, serials, groups, strict=True)
    ]


def _known(rows: Mapping[str, int], bulk_id: UUID, actor: Actor) -> bool:
    """Whether the notices of this act are there."""
    groups = {_group(one) for one in findings_named(rows, actor) if one.organisation_id}
    ids = [uuid5(bulk_id, f"{group}") for group in groups]
    return any(db.session.get(Assignment, one) is not None for one in ids)


def _check_told(told: Told) -> None:
    if not told.contact:
        raise Invalid({"contact": _("请写明单位有疑问时找谁：姓名和电话。")})
    if len(told.contact) > 200:
        raise Invalid({"contact": _("太长了，最多 %(most)s 个字。", most=200)})
    if len(told.note) > 2000:
        raise Invalid({"note": _("太长了，最多 %(most)s 个字。", most=2000)})


def _make(
    assignment_id: UUID, number: str, findings: Sequence[Finding], actor: Actor, told: Told
) -> Made:
    first, moment = findings[0], now()
    assert first.organisation_id is not None  # noqa: S101 -- foreseen as possible
    made = Assignment(
        id=assignment_id,
        number=number,
        organisation_id=first.organisation_id,
        district_code=first.district_code,
        contact=told.contact,
        note=told.note,
        made_at=moment,
        made_by_id=actor.id,
        made_by_name=actor.name,
        receipt_due=receipt_due(rulebook().days, today(), settings().receipt_days),
        items=[
            AssignmentItem(finding_id=one.id, place=place) for place, one in enumerate(findings, 1)
        ],
    )
    db.session.add(made)
    db.session.flush()
    note(made, "assign", actor, numbers=[one.number for one in findings])
    return Made(made, new_link(made, actor, by=told.by))
