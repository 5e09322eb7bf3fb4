"""What a scan finds, as values that travel: to a file, a table, a page."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from audit.core.text import Text

from .outcomes import Outcome


class Impact(StrEnum):
    """axe-core's word for how much a fault hinders; the order is from worst to least."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    MODERATE = "moderate"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        return list(Impact).index(self)

    @property
    def severity(self) -> str:
        """As of every finding; a fault of a website endangers no one's body, so none is S1."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Impact.CRITICAL: "S2",
    Impact.SERIOUS: "S2",
    Impact.MODERATE: "S3",
    Impact.MINOR: "S4",
}


class Kind(StrEnum):
    """A violation is asserted; a question is what axe could not decide and a person must."""

    VIOLATION = "violation"
    QUESTION = "question"

    @property
    def text(self) -> Text:
        """What a list of them is called."""
        return _KINDS[self]


_KINDS = {
    Kind.VIOLATION: Text("发现的问题", "Findings"),
    Kind.QUESTION: Text("要由人判断的地方", "For a person to judge"),
}


@dataclass(frozen=True)
class Element:
    """One element that a rule is about.

    `target` leads to it: one selector per frame from the outside in; a selector that crosses
    shadow roots holds them joined by ` >>> `. `snippet` is at most 500 characters of its markup.
    `screenshot` is a PNG with the element outlined, None where none was taken.
    """

    target: tuple[str, ...]
    snippet: str
    impact: Impact
    message: Text
    checks: tuple[str, ...] = ()
    frame_url: str = ""
    screenshot: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class RuleResult:
    """One rule on one page."""

    rule: str
    kind: Kind
    impact: Impact
    tags: tuple[str, ...]
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Engine:
    """What judged the page, for a newer engine must not look like a worse site."""

    name: str = "axe-core"
    version: str = ""
    browser: str = ""
    width_px: int = 0
    height_px: int = 0
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageResult:
    """What became of one page.

    `frames` counts the documents that were judged, `frames_missed` those that could not be.
    `left_out` names rules that were not run for want of time. `refused` lists private places
    that the page asked for. `passed` and `inapplicable` name rules.
    """

    url: str
    outcome: Outcome
    final_url: str = ""
    status: int = 0
    cause: str = ""
    title: str = ""
    language: str = ""
    results: tuple[RuleResult, ...] = ()
    passed: tuple[str, ...] = ()
    inapplicable: tuple[str, ...] = ()
    frames: int = 0
    frames_missed: int = 0
    left_out: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    isolated: bool = True
    engine: Engine = field(default_factory=Engine)
    seconds: float = 0.0
    scanned_at: datetime | None = None


@dataclass(frozen=True)
class RuleSummary:
    """One rule over all pages of a scan: the unit that is shown, assigned and followed."""

    rule: str
    kind: Kind
    impact: Impact
    tags: tuple[str, ...]
    elements: int
    pages: tuple[str, ...]


def by_rule(pages: tuple[PageResult, ...]) -> list[RuleSummary]:
    """Sum up by rule: violations before questions, the worst and most widespread first."""
    grouped: dict[tuple[Kind, str], list[tuple[str, RuleResult]]] = {}
    for page in pages:
        for result in page.results:
            grouped.setdefault((result.kind, result.rule), []).append((page.url, result))
    summaries = [_summary(found) for found in grouped.values()]
    return sorted(
        summaries,
        key=lambda one: (one.kind is Kind.QUESTION, one.impact.rank, -len(one.pages), one.rule),
    )


def _summary(found: list[tuple[str, RuleResult]]) -> RuleSummary:
    first = found[0][1]
    return RuleSummary(
        rule=first.rule,
        kind=first.kind,
        impact=min((result.impact for _, result in found), key=lambda impact: impact.rank),
        tags=first.tags,
        elements=sum(len(result.elements) for _, result in found),
        pages=tuple(dict.fromkeys(url for url, _ in found)),
    )
