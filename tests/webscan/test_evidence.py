"""The pictures that go with a finding."""

import struct
import zlib

import pytest

from audit.browser.guard import EgressGuard
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.browser.visits import Patience
from audit.webscan.engine.evidence import Picturing
from audit.webscan.engine.pages import PageScanner, PageSettings
from audit.webscan.rules.results import PageResult

from .conftest import Sites, questions

pytestmark = pytest.mark.browser

RED = (0xD4, 0x00, 0x2A)


def pixels(png: bytes) -> list[list[tuple[int, int, int]]]:
    """Decode an 8-bit RGB(A) PNG, by the standard's five filters."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    step = {2: 3, 6: 4}[colour]
    body, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    raw, rows, above = zlib.decompress(body), [], bytes(width * step)
    for row in range(height):
        start = row * (width * step + 1)
        line = bytearray(raw[start + 1 : start + 1 + width * step])
        unfilter(raw[start], line, above, step)
        rows.append([tuple(line[x : x + 3]) for x in range(0, len(line), step)])
        above = bytes(line)
    return rows


def unfilter(kind: int, line: bytearray, above: bytes, step: int) -> None:
    for at in range(len(line)):
        left = line[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        up = above[at]
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda one: abs(guess - one))
        line[at] = (line[at] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256


def outlined(png: bytes) -> tuple[int, int]:
    """Width and height of the red outline in a picture."""
    found = [(x, y) for y, row in enumerate(pixels(png)) for x, one in enumerate(row) if one == RED]
    assert found, "there is no outline"
    across, down = [x for x, _ in found], [y for _, y in found]
    return max(across) - min(across) + 1, max(down) - min(down) + 1


def scan(guard: EgressGuard, url: str, picturing: Picturing) -> PageResult:
    settings = PageSettings(patience=Patience(load_s=12), picturing=picturing)
    with Browser(BrowserSettings(proxy=guard.address)) as browser:
        return PageScanner(browser, guard, settings).scan(url)


def test_each_rule_has_a_picture_of_its_first_elements(guard: EgressGuard, sites: Sites) -> None:
    page = scan(guard, sites.url("/"), Picturing(per_rule=2))
    pictured = {
        one.rule: [element.screenshot is not None for element in one.elements]
        for one in page.results
    }
    assert pictured["image-alt"] == [True, True, False]
    assert pictured["color-contrast"] == [True]
    assert pictured["meta-viewport"] == [False], "there is nothing to see of a meta element"
    for one in questions(page):
        assert all(element.screenshot is None for element in one.elements)


def test_the_outline_lies_around_the_element_in_any_frame(guard: EgressGuard, sites: Sites) -> None:
    page = scan(guard, sites.url("/frames.html"), Picturing(per_rule=9, per_page=60))
    labels = next(one for one in page.results if one.rule == "label")
    assert {len(element.target) for element in labels.elements} == {2, 3}
    sizes = set()
    for element in labels.elements:
        assert element.screenshot is not None, element.target
        sizes.add(outlined(element.screenshot))
    # Every one is the same text box, wherever its frame is; eight pixels more than the box.
    assert len(sizes) == 1
    width, height = sizes.pop()
    assert 100 < width < 250
    assert 20 < height < 50


def test_the_policy_of_a_page_does_not_hide_the_outline(guard: EgressGuard, sites: Sites) -> None:
    page = scan(guard, sites.url("/hostile/csp.html"), Picturing())
    image = next(one for one in page.results if one.rule == "image-alt").elements[0]
    assert image.screenshot is not None
    assert outlined(image.screenshot)


def test_pictures_are_bounded_in_number_and_size(guard: EgressGuard, sites: Sites) -> None:
    limits = Picturing(per_rule=3, per_page=4, width_px=300, height_px=200)
    page = scan(guard, sites.url("/"), limits)
    taken = [
        element.screenshot
        for one in page.results
        for element in one.elements
        if element.screenshot is not None
    ]
    assert len(taken) == 4
    for png in taken:
        width, height = struct.unpack(">II", png[16:24])
        assert width <= 300
        assert height <= 200


def test_snippets_are_cut_short(scanner: PageScanner, sites: Sites) -> None:
    page = scanner.scan(sites.url("/frames.html"))
    snippets = [element.snippet for one in page.results for element in one.elements]
    assert all(0 < len(text) <= 500 for text in snippets)
