"""A form whose change is kept with a reason: settings, limits, routes."""

from dataclasses import dataclass, field
from http import HTTPStatus

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from .fields import one_line

LONGEST = 500


@dataclass
class Sent:
    """What was typed, and what to change, by the name of its control."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.problems else HTTPStatus.OK

    @classmethod
    def of(cls, sent: MultiDict[str, str], *names: str) -> "Sent":
        typed = {name: one_line(sent.get(name, ""))[:LONGEST] for name in names}
        why = one_line(sent.get("why", ""))
        made = cls(typed | {"why": why}, why=why)
        if not why:
            made.problems["why"] = _("请写明原因。")
        if len(why) > LONGEST:
            made.problems["why"] = _("太长了，最多 %(most)s 个字。", most=LONGEST)
        return made
