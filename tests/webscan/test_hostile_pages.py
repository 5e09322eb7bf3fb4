"""Pages that lie, hide, hang or lead away get a true result or a named outcome, never a pass."""

import json

import pytest

from audit.browser.addresses import Allowance
from audit.browser.guard import EgressGuard, GuardSettings
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.webscan.engine.pages import PageScanner
from audit.webscan.rules.cleaning import cleaned
from audit.webscan.rules.export import page_json
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.results import PageResult

from .conftest import QUICK, Sites, questions, violations

pytestmark = pytest.mark.browser

# Each of these holds one image without a text alternative that a true result names.
TRUE_RESULTS = [
    "alert", "fake-axe", "prototypes", "cloak", "amd", "csp", "csp-sandbox", "inward",
]  # fmt: skip


def images_without_text(page: PageResult) -> int:
    found = [one for one in violations(page) if one.rule == "image-alt"]
    return sum(len(one.elements) for one in found)


@pytest.mark.parametrize("name", TRUE_RESULTS)
def test_a_page_cannot_fake_or_escape_its_result(
    scanner: PageScanner, sites: Sites, name: str
) -> None:
    page = scanner.scan(sites.url(f"/hostile/{name}.html"))
    assert page.outcome is Outcome.SCANNED
    assert images_without_text(page) == 1
    assert len(page.passed) > 5


def test_elements_that_take_the_names_of_properties_do_not_blind_us(
    scanner: PageScanner, sites: Sites
) -> None:
    page = scanner.scan(sites.url("/hostile/clobber.html"))
    assert page.outcome in (Outcome.SCANNED, Outcome.ENGINE_FAILED)
    if page.outcome is Outcome.SCANNED:
        assert images_without_text(page) >= 1
        assert page.title == "同名元素"


def test_a_page_s_broken_text_is_mended_before_it_travels(
    scanner: PageScanner, sites: Sites
) -> None:
    page = scanner.scan(sites.url("/hostile/broken-text.html"))
    assert page.title.startswith("坏")
    image = next(one for one in page.results if one.rule == "image-alt").elements[0]
    assert image.snippet.startswith("<img")
    text = json.dumps(page_json(page), ensure_ascii=False)
    assert text.encode("utf-8")
    assert cleaned(text) == text


NAMED_OUTCOMES = {
    "/hostile/loop": (Outcome.NETWORK_ERROR, "net::ERR_TOO_MANY_REDIRECTS"),
    "/hostile/reset": (Outcome.NETWORK_ERROR, "net::ERR_EMPTY_RESPONSE"),
    "/hostile/download": (Outcome.DOWNLOAD, None),
    "/hostile/text.html": (Outcome.NOT_HTML, "text/plain"),
    "/hostile/404.html": (Outcome.HTTP_ERROR, "404"),
    "/hostile/500.html": (Outcome.HTTP_ERROR, "500"),
    "/hostile/away.html": (Outcome.REDIRECTED_AWAY, "other_site"),
    "/hostile/reload.html": (Outcome.REDIRECTED_AWAY, "keeps_moving"),
}


@pytest.mark.parametrize("path", NAMED_OUTCOMES)
def test_what_is_no_page_of_the_site_has_a_name(
    scanner: PageScanner, sites: Sites, path: str
) -> None:
    page = scanner.scan(sites.url(path))
    outcome, cause = NAMED_OUTCOMES[path]
    assert page.outcome is outcome
    assert cause is None or page.cause == cause
    assert page.results == ()
    assert page.passed == ()


def test_a_pdf_is_not_scored_as_a_page(scanner: PageScanner, sites: Sites) -> None:
    page = scanner.scan(sites.url("/hostile/report.pdf"))
    assert page.outcome in (Outcome.NOT_HTML, Outcome.DOWNLOAD)
    assert page.results == ()


def test_an_empty_page_is_scanned_as_the_empty_page_it_is(
    scanner: PageScanner, sites: Sites
) -> None:
    page = scanner.scan(sites.url("/hostile/empty.html"))
    assert page.outcome is Outcome.SCANNED
    assert "document-title" in {one.rule for one in violations(page)}


def test_a_page_that_moves_within_the_site_is_judged_where_it_settles(
    scanner: PageScanner, sites: Sites
) -> None:
    page = scanner.scan(sites.url("/hostile/moves.html"))
    assert page.outcome is Outcome.SCANNED
    assert page.final_url == sites.url("/good.html")
    assert page.results == ()


def test_a_private_frame_is_refused_counted_and_named(scanner: PageScanner, sites: Sites) -> None:
    page = scanner.scan(sites.url("/hostile/inward.html"))
    assert (page.frames, page.frames_missed) == (1, 1)
    assert set(page.refused) == {"10.0.0.1:80", "192.168.0.1:80"}
    asked = {one.rule for one in questions(page)}
    assert "frame-tested" in asked


def test_a_script_that_never_arrives_does_not_hold_the_scan(sites: Sites) -> None:
    allowed = (Allowance("127.0.0.1", sites.main.port),)
    with (
        EgressGuard(GuardSettings(allowed, patience_s=30)) as guard,
        Browser(BrowserSettings(proxy=guard.address)) as browser,
    ):
        page = PageScanner(browser, guard, QUICK).scan(sites.url("/hostile/hang-script.html"))
    assert page.outcome is Outcome.SCANNED_LATE
    assert images_without_text(page) == 1
    assert page.seconds < 12


@pytest.mark.parametrize("name", ["spin", "spin-later"])
def test_a_spinning_page_is_named_and_the_next_one_is_scanned(
    scanner: PageScanner, sites: Sites, name: str
) -> None:
    quick = PageScanner(scanner.browser, scanner.guard, QUICK)
    page = quick.scan(sites.url(f"/hostile/{name}.html"))
    if name == "spin":
        assert page.outcome is Outcome.SCRIPT_HUNG
        assert page.seconds < 25
    # The other starts to spin after 0.9 s: judged before, or hung, but nothing in between.
    assert page.outcome in (Outcome.SCRIPT_HUNG, Outcome.SCANNED)
    if page.outcome is Outcome.SCANNED:
        assert images_without_text(page) == 1
    after = scanner.scan(sites.url("/news/1.html"))
    assert after.outcome is Outcome.SCANNED
    assert images_without_text(after) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://10.0.0.1/", "http://u:p@x.cn/"])
def test_an_address_that_may_not_be_visited_is_refused(scanner: PageScanner, url: str) -> None:
    page = scanner.scan(url)
    assert page.outcome is Outcome.BLOCKED_BY_GUARD
    assert page.cause in ("not_http", "private_address", "with_password")


def test_the_same_page_gives_the_same_list_every_time(scanner: PageScanner, sites: Sites) -> None:
    lists = [
        [
            (one.kind, one.rule, tuple(element.target for element in one.elements))
            for one in scanner.scan(sites.url("/")).results
        ]
        for _ in range(5)
    ]
    assert lists[0]
    assert all(one == lists[0] for one in lists)
