from collections.abc import Collection
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.web.fields import one_line

CITY = "city"  # what a list of districts sends for the whole city


@dataclass
class Typed:
    """`typed` is what the person wrote; `problems` says, by control name, what to change."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    warning: str = ""

    def value(self, name: str) -> str:
        return self.typed.get(name, "")

    def text(self, name: str, longest: int, required: bool = False) -> str:
        text = self.value(name)
        if required and not text:
            self.problems[name] = _("这一项必须填写。")
        if len(text) > longest:
            self.problems[name] = _("太长了，最多 %(most)s 个字。", most=longest)
        return text

    def choice(self, name: str, allowed: Collection[str], required: bool = True) -> str:
        """ "" where nothing (or nothing that may be chosen) was chosen."""
        chosen = self.value(name)
        if chosen in allowed:
            return chosen
        if chosen or required:
            self.problems[name] = _("请从列表中选一项。")
        return ""


def lines(sent: MultiDict[str, str]) -> dict[str, str]:
    return {name: one_line(sent.get(name, "")) for name in sent}


def district_of(chosen: str) -> str | None:
    """A district's code; None for the whole city."""
    return None if chosen in {"", CITY} else chosen
