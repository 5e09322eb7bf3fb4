"""What can be done to many facilities at once, and to which of them; of which kind a part is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit.checklists.rules import FACTS
from audit.core.text import Text
from audit.facilities.rules import KINDS, FacilityKind

PROGRAMMES = "programmes"


class Deed(StrEnum):
    ORGANISATION = "organisation"
    RETIRE = "retire"
    ADD = "add"
    DROP = "drop"


class WhyNot(StrEnum):
    GONE = "gone"
    OPEN_FINDINGS = "open_findings"
    NOT_ASKED = "not_asked"  # of this kind
    HAS_IT = "has_it"
    LACKS_IT = "lacks_it"


@dataclass(frozen=True)
class Act:
    """`programme`: which one is added or dropped."""

    deed: Deed
    label: Text
    programme: str = ""

    @property
    def name(self) -> str:
        return f"{self.deed}.{self.programme}" if self.programme else self.deed.value


def _tags() -> list[Act]:
    named = {str(value): text for value, text in FACTS[PROGRAMMES].values.items()}
    adding = [
        Act(Deed.ADD, Text(f"加入专项：{text.zh}", f"Add programme: {text.en}"), value)
        for value, text in named.items()
    ]
    dropping = [
        Act(Deed.DROP, Text(f"退出专项：{text.zh}", f"Remove programme: {text.en}"), value)
        for value, text in named.items()
    ]
    return adding + dropping


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(Deed.ORGANISATION, Text("改责任单位", "Change who is responsible")),
        *_tags(),
        Act(Deed.RETIRE, Text("注销", "Take off the register")),
    )
}


@dataclass(frozen=True)
class Standing:
    """What decides whether an act can be done to a facility; the preview is of just this."""

    kind: FacilityKind
    active: bool
    organisation_id: UUID | None
    programmes: Collection[str]
    open_findings: int


def why_not(act: Act, now: Standing) -> WhyNot | None:
    if not now.active:
        return WhyNot.GONE
    if act.deed is Deed.RETIRE:
        return WhyNot.OPEN_FINDINGS if now.open_findings else None
    if act.deed is Deed.ORGANISATION:
        return None
    if PROGRAMMES not in KINDS[now.kind].facts:
        return WhyNot.NOT_ASKED
    has_it = act.programme in now.programmes
    if act.deed is Deed.ADD:
        return WhyNot.HAS_IT if has_it else None
    return None if has_it else WhyNot.LACKS_IT


def programmes_after(act: Act, had: Collection[str]) -> list[str]:
    """In the order of the facts."""
    wanted = {*had, act.programme} if act.deed is Deed.ADD else {*had} - {act.programme}
    return [str(value) for value in FACTS[PROGRAMMES].values if value in wanted]


def kinds_of_part(kind: FacilityKind) -> list[FacilityKind]:
    """Such as have a place where the old one has one, and need nothing that it cannot tell."""
    own = KINDS[kind]
    alike = [
        other
        for other, one in KINDS.items()
        if one.has_place == own.has_place and one.url == own.url and not one.required
    ]
    return sorted({kind, *alike}, key=list(FacilityKind).index)
