"""Open findings by who has to see to them."""

from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import InstrumentedAttribute

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.findings.models import Finding
from audit.findings.queries import open_by
from audit.findings.rules import WITH_THE_FIXER, State
from audit.web.filters import list_url

STAGES: dict[str, frozenset[State]] = {
    "confirm": frozenset({State.REPORTED}),
    "dispatch": frozenset({State.CONFIRMED}),
    "fix": WITH_THE_FIXER | {State.PROGRAMMED, State.SUBSTITUTED},
    "recheck": frozenset({State.FIXED, State.UNSURE}),
}


@dataclass
class Load:
    """What waits at one department or organisation. `url`: these findings as a list."""

    name: str
    url: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    total: int = 0
    late: int = 0


@dataclass(frozen=True)
class LoadTable:
    title: str
    rows: list[Load]


def workload(actor: Actor) -> list[LoadTable]:
    by_department = _loads(actor, "department", _("还没有主管部门"))
    by_organisation = _loads(actor, "organisation", _("还没有派单"))
    return [
        LoadTable(_("按主管部门"), by_department),
        LoadTable(_("按整改单位"), by_organisation),
    ]


def _loads(actor: Actor, name: str, nobody: str) -> list[Load]:
    """The most late ones first, nobody's last."""
    found: dict[UUID | None, Load] = {}
    relation: InstrumentedAttribute[Organisation | None] = getattr(Finding, name)
    for organisation_id, title, state, count, late in open_by(actor, relation):
        if organisation_id not in found:
            url = (
                list_url("findings.index", [(name, str(organisation_id))])
                if organisation_id
                else ""
            )
            found[organisation_id] = Load(title or nobody, url)
        load = found[organisation_id]
        for stage, states in STAGES.items():
            load.counts[stage] += count if state in states else 0
        load.total += count
        load.late += late
    last = found.pop(None, None)
    ordered = sorted(found.values(), key=lambda one: (-one.late, -one.total, one.name))
    return [*ordered, *([last] if last else [])]
