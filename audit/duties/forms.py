from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.web.fields import one_line

from .rules import Duty

LONGEST_NOTE = 200


@dataclass
class DutyForm:
    """`duty` and `organisation_id` are set when there are no problems."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    duty: Duty | None = None
    organisation_id: UUID | None = None

    def value(self, name: str) -> str:
        return self.typed.get(name, "")


def parse_duty(sent: MultiDict[str, str], allowed: Collection[UUID]) -> DutyForm:
    """`allowed`: organisations that this person may choose."""
    form = DutyForm({name: one_line(sent.get(name, "")) for name in sent})
    known = {str(one): one for one in allowed}
    if form.value("organisation") not in known:
        form.problems["organisation"] = _("请从列表中选一项。")
    if form.value("duty") not in set(Duty):
        form.problems["duty"] = _("请从列表中选一项。")
    if len(form.value("note")) > LONGEST_NOTE:
        form.problems["note"] = _("太长了，最多 %(most)s 个字。", most=LONGEST_NOTE)
    if not form.problems:
        form.organisation_id, form.duty = (
            known[form.value("organisation")],
            Duty(form.value("duty")),
        )
    return form
