"""The sample website: it serves its own files alone, and has the faults that it says it has."""

import http.client
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest

from audit.browser.addresses import Allowance
from audit.browser.guard import EgressGuard, GuardSettings
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.browser.visits import Ending, visit
from audit.demo.site import PAGES, serve_site
from audit.webscan.axe import PinnedAxe

README = PAGES.parent / "README.md"
ROW = re.compile(r"^\| (\S+\.html) \| ([a-z-]+) \| .+ \|$", re.MULTILINE)
DEAD_LINKS = {"list.pdf"}  # on purpose
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve_site() as url:
        yield url


def fetch(url: str, path: str, verb: str = "GET") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(str(urlsplit(url).netloc), timeout=10)
    try:
        connection.request(verb, path)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()
    finally:
        connection.close()


def documented() -> dict[str, set[str]]:
    pages: dict[str, set[str]] = {}
    for page, rule in ROW.findall(README.read_text("utf-8")):
        pages.setdefault(page, set()).add(rule)
    return pages


def test_the_front_page_and_files_are_served_as_what_they_are(site: str) -> None:
    status, kind, body = fetch(site, "/")
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert body == (PAGES / "index.html").read_bytes()
    assert fetch(site, "/style.css?1")[1].startswith("text/css")
    assert fetch(site, "/banner.svg")[1].startswith("image/svg+xml")
    assert fetch(site, "/notices.html", "HEAD") == (200, "text/html; charset=utf-8", b"")


@pytest.mark.parametrize(
    "path",
    ["/../README.md", "/%2e%2e/README.md", "/..%2f__init__.py", "//etc/passwd", "/none.html"],
)
def test_nothing_but_the_pages_is_served(site: str, path: str) -> None:
    assert fetch(site, path)[0] == 404


def test_links_lead_to_pages_of_the_site(site: str) -> None:
    for page in sorted(PAGES.glob("*.html")):
        tree = html5lib.parse(page.read_text("utf-8"))
        named = chain.from_iterable(
            (node.get("href"), node.get("src")) for node in tree.iter() if isinstance(node.tag, str)
        )
        for target in filter(None, named):
            if target in DEAD_LINKS or target.startswith(("#", "mailto:")):
                continue
            address = urljoin(f"{site}{page.name}", target)
            assert address.startswith(site), "no page asks another host"
            assert fetch(site, urlsplit(address).path)[0] == 200, (page.name, target)


def test_there_are_the_pages_of_a_government_site() -> None:
    titles = {
        page.name: "".join(html5lib.parse(page.read_text("utf-8")).find(f".//{XHTML}h1").itertext())
        for page in PAGES.glob("*.html")
        if "frame" not in page.name
    }
    assert len(titles) >= 6
    for word in ("门户网站", "公告公示", "残疾人证办理预约", "联系我们", "无障碍版", "无障碍声明"):
        assert any(word in title for title in titles.values())


@pytest.mark.browser
def test_the_pages_have_exactly_the_faults_in_the_readme(site: str) -> None:
    allowed = (Allowance("127.0.0.1", urlsplit(site).port),)
    known = documented()
    with (
        EgressGuard(GuardSettings(allowed, patience_s=10)) as guard,
        Browser(BrowserSettings(proxy=guard.address)) as browser,
    ):
        axe = PinnedAxe(browser)
        axe.inject()
        pages: list[Path] = [one for one in sorted(PAGES.glob("*.html")) if "frame" not in one.name]
        for page in pages:
            assert visit(browser, f"{site}{page.name}", guard).ending is Ending.ARRIVED
            found = {one["id"] for one in axe.run()["violations"]}
            assert found == known.get(page.name, set()), page.name
    assert len(known) >= 6
