"""A scan as lines of text for a terminal, by rule, in Chinese or English."""

from collections.abc import Iterator, Sequence

from audit.core.text import Text
from audit.findings.rules import SEVERITIES

from .criteria import criteria_of
from .failures import ScanFailure
from .remarks import remarks
from .results import Kind, PageResult, RuleSummary, by_rule
from .texts import find_rule_text
from .titles import rule_title

_NOTHING = {
    Kind.VIOLATION: Text(
        "自动检查没有发现问题。这不等于达标：多数准则只能由人检查。",
        "The automatic checks found nothing. That is not conformance: most criteria need a person.",
    ),
    Kind.QUESTION: Text("没有。", "None."),
}
_FIX = Text("怎么改：", "How to fix: ")
_GOOD_PRACTICE = Text("良好做法", "good practice")

MAX_PAGES = 3


def report_lines(pages: Sequence[PageResult], language: str) -> Iterator[str]:
    """Every page with its outcome, then every rule with its fix."""
    for page in pages:
        yield from _page_lines(page, language)
    if not any(page.outcome.is_scanned for page in pages):
        yield ""
        yield ScanFailure.NOTHING_SEEN.reason.in_(language)
        yield from (page.outcome.advice.in_(language) for page in pages[:1])
        return
    summaries = by_rule(tuple(pages))
    for kind in Kind:
        yield ""
        yield f"== {kind.text.in_(language)} =="
        rows = [one for one in summaries if one.kind is kind]
        for row in rows:
            yield from _rule_lines(row, language)
        if not rows:
            yield _NOTHING[kind].in_(language)


def _page_lines(page: PageResult, language: str) -> Iterator[str]:
    title = f"  {page.title}" if page.title else ""
    yield f"{page.url}{title}"
    cause = f"  [{page.cause}]" if page.cause else ""
    yield f"    {page.outcome.text.in_(language)}{cause}"
    if page.final_url and page.final_url != page.url:
        yield f"    -> {page.final_url}"
    for remark in remarks(page.frames_missed, page.left_out, page.refused):
        yield f"    {remark.in_(language)}"


def _rule_lines(row: RuleSummary, language: str) -> Iterator[str]:
    criteria = criteria_of(row.tags)
    named = ", ".join(f"WCAG {one.number} {one.name.in_(language)}" for one in criteria)
    count = Text(
        f"{row.elements} 处，{len(row.pages)} 页", f"{row.elements} in {len(row.pages)} pages"
    )
    yield ""
    severity, title = row.impact.severity, rule_title(row.rule).in_(language)
    yield f"[{severity} {SEVERITIES[severity].in_(language)}] {title}  ({row.rule})"
    yield f"    {count.in_(language)}    {named or _GOOD_PRACTICE.in_(language)}"
    yield from (f"    - {url}" for url in row.pages[:MAX_PAGES])
    if len(row.pages) > MAX_PAGES:
        yield f"    - … +{len(row.pages) - MAX_PAGES}"
    text = find_rule_text(row.rule)
    if text is not None:
        yield f"    {text.why.in_(language)}"
        yield f"    {_FIX.in_(language)}{text.fix.in_(language)}"
