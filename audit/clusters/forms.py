from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.errors import Invalid
from audit.findings.models import Finding
from audit.web.fields import paragraphs

LONGEST = 2000


@dataclass(frozen=True)
class Chosen:
    """What somebody says of a cluster: which finding goes on, and what of the others. Of two, the
    other one needs no tick."""

    main: str
    ticked: tuple[str, ...]
    why: str

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> "Chosen":
        ticked = tuple(dict.fromkeys(sent.getlist("ticked")))
        return cls(sent.get("main", ""), ticked, paragraphs(sent.get("why", "")))

    def read(self, findings: list[Finding]) -> tuple[Finding, list[Finding]]:
        """The main one, and those of which something is said. Raises `Invalid`."""
        main = next((one for one in findings if one.number == self.main), None)
        rest = [one for one in findings if one is not main]
        said = rest if len(findings) == 2 else [one for one in rest if one.number in self.ticked]
        problems: dict[str, object] = {}
        if main is None:
            problems["main"] = _("请选一个问题作为主案。")
        elif not said:
            problems["ticked"] = _("请至少勾选一个主案以外的问题。")
        if not self.why:
            problems["why"] = _("请写明情况或理由。")
        if len(self.why) > LONGEST:
            problems["why"] = _("太长了，最多 %(most)s 个字。", most=LONGEST)
        if problems or main is None:
            raise Invalid(problems)
        return main, said


def visit_of(sent: MultiDict[str, str]) -> UUID | None:
    """The inspection from whose page something was said."""
    try:
        return UUID(sent.get("visit", ""))
    except ValueError:
        return None
