"""The test site on two ports (the second for frames of another site), and scanners for it."""

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from audit.browser.addresses import Allowance
from audit.browser.guard import EgressGuard, GuardSettings
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.browser.visits import Patience
from audit.webscan.engine.evidence import Picturing
from audit.webscan.engine.pages import PageScanner, PageSettings
from audit.webscan.rules.results import Kind, PageResult, RuleResult
from tests.browser.sites import Answer, Site
from tests.factories import Factory
from tests.webscan.stories import Story

ROOT = Path(__file__).parent / "site"

SPECIAL: dict[str, Answer | str] = {
    "/hang": Answer(content_type="text/javascript", hang=True),
    "/hostile/csp.html": Answer(headers={"Content-Security-Policy": "default-src 'none'"}),
    "/hostile/csp-sandbox.html": Answer(headers={"Content-Security-Policy": "sandbox"}),
    "/hostile/loop": Answer(status=302, headers={"Location": "/hostile/loop"}),
    "/hostile/report.pdf": Answer(b"%PDF-1.4\n%%EOF", "application/pdf"),
    "/hostile/download": Answer(
        "<title>x</title>", headers={"Content-Disposition": "attachment; filename=x.html"}
    ),
    "/hostile/text.html": Answer("plain", "text/plain"),
    "/hostile/404.html": Answer("<title>404</title><img src=x>", status=404),
    "/hostile/500.html": Answer("<title>500</title><img src=x>", status=500),
    "/hostile/reset": Answer(reset=True),
    "/private/secret.html": "<title>secret</title>",
}


@dataclass
class Sites:
    """`main` holds the pages; `other` the same, as a site of its own."""

    main: Site
    other: Site

    def url(self, path: str) -> str:
        return self.main.url(path)


def finder(sites: list[Site]) -> Callable[[str], Answer | None]:
    """Serve the folder; `{self}` and `{other}` in a page become the two addresses."""

    def find(path: str) -> Answer | None:
        file = (ROOT / ("index.html" if path == "/" else path.lstrip("/"))).resolve()
        if not file.is_relative_to(ROOT) or not file.is_file():
            return None
        text = file.read_text(encoding="utf-8")
        text = text.replace("{self}", sites[0].url(""))
        text = text.replace("{other}", sites[1].url("", host="localhost"))
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        special = SPECIAL.get(path)
        headers = special.headers if isinstance(special, Answer) else {}
        return Answer(text, f"{kind}; charset=utf-8", headers=headers)

    return find


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    both: list[Site] = []
    find = finder(both)
    own = {
        path: answer
        for path, answer in SPECIAL.items()
        if not (isinstance(answer, Answer) and "Content-Security-Policy" in answer.headers)
    }
    for _ in range(2):
        both.append(Site(own, find))
    with both[0], both[1]:
        yield Sites(*both)


@pytest.fixture(scope="module")
def guard(sites: Sites) -> Iterator[EgressGuard]:
    allowed = (Allowance("127.0.0.1", sites.main.port), Allowance("localhost", sites.other.port))
    with EgressGuard(GuardSettings(allowed, patience_s=4)) as guard:
        yield guard


@pytest.fixture
def story(app: Flask, make: Factory) -> Story:
    return Story(app, make)


NO_PICTURES = Picturing(per_rule=1, per_page=0)
CALM = PageSettings(patience=Patience(load_s=12), picturing=NO_PICTURES)
QUICK = PageSettings(patience=Patience(load_s=3), judge_s=15, picturing=NO_PICTURES)


def violations(page: PageResult) -> list[RuleResult]:
    return [one for one in page.results if one.kind is Kind.VIOLATION]


def questions(page: PageResult) -> list[RuleResult]:
    return [one for one in page.results if one.kind is Kind.QUESTION]


@pytest.fixture(scope="module")
def scanner(guard: EgressGuard) -> Iterator[PageScanner]:
    """A scanner without pictures; the browser is shared by the tests of a module."""
    with Browser(BrowserSettings(proxy=guard.address)) as browser:
        yield PageScanner(browser, guard, CALM)
