from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from audit.core.errors import Conflict, Invalid
from audit.findings.models import Finding
from audit.web.fields import paragraphs

LONGEST, MOST = 2000, 500
MOVED = lazy_gettext("您打开之后，这一组问题变了。请看下面最新的情况，再决定。")


@dataclass(frozen=True)
class Chosen:
    """What somebody says of a cluster: which finding goes on, and what of the others. Of two, the
    other one needs no tick. `seen`: the findings on the page when it was opened."""

    main: str
    ticked: tuple[str, ...]
    why: str
    seen: tuple[str, ...] = ()

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> "Chosen":
        ticked, seen = (
            tuple(dict.fromkeys(sent.getlist(name)))[:MOST] for name in ("ticked", "seen")
        )
        return cls(sent.get("main", ""), ticked, paragraphs(sent.get("why", "")), seen)

    def read(self, findings: list[Finding]) -> tuple[Finding, list[Finding]]:
        """The main one, and those of which something is said. Raises `Invalid`, and `Conflict`
        where the group is another one by now."""
        if self.seen and {*self.seen} != {one.number for one in findings}:
            raise Conflict(MOVED)
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
