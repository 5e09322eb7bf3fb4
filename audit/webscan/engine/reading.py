"""From what axe-core reports to our own values, with frames named and pictures taken."""

import json
from dataclasses import replace
from typing import Any

from audit.browser.errors import BrowserError, PageTrouble
from audit.core.text import Text

from ..axe import IsolatedFrames, PinnedAxe
from ..axe import Path as FramePath
from ..rules.cleaning import cleaned
from ..rules.results import Element, Impact, Kind, RuleResult
from .evidence import Camera, Picturing

Json = dict[str, Any]
SHADOW = " >>> "


def read_results(raw: Json, axe: PinnedAxe) -> tuple[RuleResult, ...]:
    """Every rule that failed or could not be decided, in axe-core's order, without pictures."""
    reader = _Reader(axe)
    kinds = ((Kind.VIOLATION, "violations"), (Kind.QUESTION, "incomplete"))
    return tuple(reader.rule(kind, one) for kind, key in kinds for one in cleaned(raw[key]))


def with_pictures(
    results: tuple[RuleResult, ...], axe: PinnedAxe, picturing: Picturing
) -> tuple[RuleResult, ...]:
    """The same results with a picture of the first elements of each violation.

    Never fails: what the browser cannot show in time stays without a picture.
    """
    frames = axe.frames
    if not isinstance(frames, IsolatedFrames):
        return results
    taken: dict[tuple[int, int], bytes] = {}
    try:
        camera = Camera(axe.browser, axe.world, picturing)
        for row, column in _first_elements(results, picturing):
            target = results[row].elements[column].target
            frame = frames.ids[_entered(frames, target)]
            place = json.dumps(target[-1].split(SHADOW))
            picture = camera.picture(frame, f"axe.utils.shadowSelect({place})")
            if picture is not None:
                taken[row, column] = picture
    except BrowserError:
        pass
    return tuple(
        replace(result, elements=_pictured(result.elements, row, taken))
        for row, result in enumerate(results)
    )


def _first_elements(results: tuple[RuleResult, ...], picturing: Picturing) -> list[tuple[int, int]]:
    """Which elements to picture: the first of each rule, then the second of each, and so on."""
    rows = [row for row, result in enumerate(results) if result.kind is Kind.VIOLATION]
    places = [
        (row, column)
        for column in range(picturing.per_rule)
        for row in rows
        if column < len(results[row].elements)
    ]
    return places[: picturing.per_page]


def _pictured(
    elements: tuple[Element, ...], row: int, taken: dict[tuple[int, int], bytes]
) -> tuple[Element, ...]:
    return tuple(
        replace(element, screenshot=taken.get((row, column)))
        for column, element in enumerate(elements)
    )


def _entered(frames: IsolatedFrames, target: tuple[str, ...]) -> FramePath:
    path: FramePath = ()
    for selector in target[:-1]:
        path = frames.enter(path, selector.split(SHADOW))
    return path


class _Reader:
    def __init__(self, axe: PinnedAxe) -> None:
        self._axe = axe
        self._urls: dict[tuple[str, ...], str] = {(): ""}

    def rule(self, kind: Kind, one: Json) -> RuleResult:
        impact = Impact(one["impact"] or Impact.MINOR)
        return RuleResult(
            rule=str(one["id"]),
            kind=kind,
            impact=impact,
            tags=tuple(str(tag) for tag in one["tags"]),
            elements=tuple(self._element(node, impact) for node in one["nodes"]),
        )

    def _element(self, node: Json, impact: Impact) -> Element:
        target = tuple(_selector(part) for part in node["target"])
        return Element(
            target=target,
            snippet=str(node["html"]),
            impact=Impact(node["impact"] or impact),
            message=Text(str(node["message"]["zh"]), str(node["message"]["en"])),
            checks=tuple(str(check) for check in node["checks"]),
            frame_url=self._frame_url(target[:-1]),
        )

    def _frame_url(self, way: tuple[str, ...]) -> str:
        """The address of the frame that these selectors lead to; empty for the page itself."""
        if way not in self._urls:
            frames = self._axe.frames
            assert frames is not None  # noqa: S101 - there are results, so there was a run
            try:
                path: FramePath = ()
                for selector in way:
                    path = frames.enter(path, selector.split(SHADOW))
                self._urls[way] = str(frames.call(path, "location.href"))[:500]
            except PageTrouble:
                self._urls[way] = ""
        return self._urls[way]


def _selector(part: str | list[str]) -> str:
    """One step of a target; a way through shadow roots comes as a list."""
    return part if isinstance(part, str) else SHADOW.join(part)
