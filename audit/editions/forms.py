"""A proposal as it is typed."""

from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.clock import today
from audit.web.fields import one_line, paragraphs, plain_digits

from .rules import Act, Proposal

LONGEST_WHY = 500
RETIRE = "retire"


@dataclass
class ProposalForm:
    """`edition` is one of those offered, or RETIRE. `wanted` is None while there are problems."""

    edition: str = ""
    starts_on: str = ""
    why: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    wanted: Proposal | None = None


def blank_form(edition: str = "") -> ProposalForm:
    return ProposalForm(edition=edition, starts_on=today().isoformat())


def parse_proposal(
    checklist_id: str, in_force: str | None, offered: list[str], sent: MultiDict[str, str]
) -> ProposalForm:
    form = ProposalForm(
        one_line(sent.get("edition", "")),
        plain_digits(sent.get("starts_on", "")),
        paragraphs(sent.get("why", "")),
    )
    act = Act.RETIRE if form.edition == RETIRE else Act.PUBLISH
    edition = in_force if act is Act.RETIRE else form.edition
    if edition not in {*offered, in_force} or not edition:
        form.problems["edition"] = _("请选一个版本，或者选停用。")
    starts_on = _day(form.starts_on)
    if starts_on is None:
        form.problems["starts_on"] = _("请填一个日期，如 2026-09-01。")
    if not form.why:
        form.problems["why"] = _("请写明原因，发布的人要据此决定。")
    elif len(form.why) > LONGEST_WHY:
        form.problems["why"] = _("太长了，最多 %(most)s 个字。", most=LONGEST_WHY)
    if not form.problems and starts_on and edition:
        form.wanted = Proposal(checklist_id, edition, act, starts_on, form.why)
    return form


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
