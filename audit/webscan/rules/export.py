"""A scan as plain JSON, with everything that was found."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from .criteria import criteria_of
from .fingerprints import fingerprint
from .results import Element, Impact, PageResult, RuleResult, by_rule
from .titles import rule_help, rule_title

FORMAT = 2

Json = dict[str, Any]


def scan_json(start: str, pages: Sequence[PageResult]) -> Json:
    """`format` counts up when a field changes its meaning."""
    return {
        "format": FORMAT,
        "start": start,
        "pages": [page_json(page) for page in pages],
        "rules": [
            {
                "rule": one.rule,
                "kind": one.kind,
                **_words(one.rule, one.impact),
                "criteria": [criterion.number for criterion in criteria_of(one.tags)],
                "elements": one.elements,
                "pages": list(one.pages),
            }
            for one in by_rule(tuple(pages))
        ],
    }


def page_json(page: PageResult) -> Json:
    """One page. Its own links are left out: they are the crawler's, not a result."""
    return {
        "url": page.url,
        "outcome": page.outcome,
        "cause": page.cause,
        "final_url": page.final_url,
        "status": page.status,
        "title": page.title,
        "language": page.language,
        "results": [_rule_json(result) for result in page.results],
        "passed": list(page.passed),
        "inapplicable": list(page.inapplicable),
        "left_out": list(page.left_out),
        "frames": page.frames,
        "frames_missed": page.frames_missed,
        "refused": list(page.refused),
        "attachments": list(page.attachments),
        "isolated": page.isolated,
        "engine": {
            "name": page.engine.name,
            "version": page.engine.version,
            "browser": page.engine.browser,
            "width_px": page.engine.width_px,
            "height_px": page.engine.height_px,
            "rules": list(page.engine.rules),
        },
        "seconds": page.seconds,
        "scanned_at": page.scanned_at.isoformat() if page.scanned_at else None,
    }


def _rule_json(result: RuleResult) -> Json:
    return {
        "rule": result.rule,
        "kind": result.kind,
        **_words(result.rule, result.impact),
        "tags": list(result.tags),
        "criteria": [criterion.number for criterion in criteria_of(result.tags)],
        "elements": [_element_json(result.rule, element) for element in result.elements],
    }


def _words(rule: str, impact: Impact) -> Json:
    """What is wrong, what the rule asks for, and how grave that is."""
    return {
        "title": asdict(rule_title(rule)),
        "help": asdict(rule_help(rule)),
        "impact": impact,
        "severity": impact.severity,
    }


def _element_json(rule: str, element: Element) -> Json:
    picture = element.screenshot
    return {
        "target": list(element.target),
        "frame_url": element.frame_url,
        "snippet": element.snippet,
        "impact": element.impact,
        "message": asdict(element.message),
        "checks": list(element.checks),
        "fingerprint": fingerprint(rule, element.snippet),
        "screenshot_png_base64": base64.b64encode(picture).decode() if picture else None,
    }
