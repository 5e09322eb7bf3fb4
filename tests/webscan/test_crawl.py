"""Which pages of a site are scanned, in what order, and how gently."""

import contextlib
import gzip
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.browser.addresses import Allowance
from audit.browser.guard import EgressGuard, GuardSettings, Verdict
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.webscan.engine.fetch import Fetcher
from audit.webscan.engine.robots import Robots
from audit.webscan.engine.sites import Seen, SiteScanner, SiteSettings, agent
from audit.webscan.rules.frontier import Frontier
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.pace import GIVE_UP_AFTER, Pace
from audit.webscan.rules.sitemaps import MAX_ADDRESSES, BadSitemap, inflated, read_sitemap
from tests.browser.sites import Answer, Site, served

from .conftest import CALM, Sites

MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def entries(*urls: str) -> str:
    return MAP.format("".join(f"<url><loc> {url} </loc></url>" for url in urls))


def test_a_sitemap_gives_its_pages_and_further_maps() -> None:
    index = "<sitemapindex><sitemap><loc>http://x.cn/s1.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(entries("http://x.cn/", "http://x.cn/a?b=1&amp;c=2").encode()) == (
        ["http://x.cn/", "http://x.cn/a?b=1&c=2"],
        [],
    )
    assert read_sitemap(gzip.compress(index.encode())) == ([], ["http://x.cn/s1.xml"])


def test_an_image_in_a_sitemap_is_no_page() -> None:
    image = "<url><loc>http://x.cn/</loc><image:image><image:loc>http://x.cn/i.png</image:loc>"
    text = MAP.replace(">{}", ' xmlns:image="i">{}').format(image + "</image:image></url>")
    assert read_sitemap(text.encode())[0] == ["http://x.cn/"]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><urlset><url><loc>&c;</loc></url></urlset>'
)
OUTSIDE = '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><loc>&x;</loc></urlset>'


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS.encode(), LAUGHS.encode("utf-16"), OUTSIDE.encode(), b"", b"<html>", b"\x00\x01",
        b"\x1f\x8b broken", ("<a>" * 5000).encode(), b"plain text", b"<urlset>&undefined;</urlset>",
    ],
)  # fmt: skip
def test_a_hostile_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(BadSitemap):
        read_sitemap(body)


def test_a_swelling_archive_is_refused() -> None:
    with pytest.raises(BadSitemap):
        inflated(gzip.compress(b" " * 30_000_000))


def test_an_endless_sitemap_is_read_as_far_as_anybody_wants() -> None:
    body = entries(*(f"http://x.cn/{number}" for number in range(MAX_ADDRESSES + 500)))
    assert len(read_sitemap(body.encode())[0]) == MAX_ADDRESSES


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_reader(body: bytes) -> None:
    with contextlib.suppress(BadSitemap):
        read_sitemap(body)


def test_the_start_comes_first_and_templates_take_turns() -> None:
    frontier = Frontier("http://x.cn/")
    frontier.add(f"http://x.cn/news/{number}.html" for number in range(100))
    frontier.add(["http://x.cn/form.html", "http://x.cn/list?page=1", "http://x.cn/list?page=2"])
    frontier.add(["http://other.cn/", "http://x.cn/a.pdf", "http://www.x.cn/about"])
    order = []
    while len(order) < 7 and (url := frontier.next()):
        frontier.take(url)
        order.append(url.removeprefix("http://"))
    assert order == [
        "x.cn/", "x.cn/news/0.html", "x.cn/form.html", "x.cn/list?page=1", "www.x.cn/about",
        "x.cn/news/1.html", "x.cn/list?page=2",
    ]  # fmt: skip


def test_a_folder_and_its_index_page_are_one_page() -> None:
    frontier = Frontier("http://x.cn/")
    frontier.add(["http://x.cn/index.html", "http://x.cn/a/Default.aspx", "http://x.cn/a/"])
    frontier.add(["http://x.cn/index.html?id=1", "http://x.cn/reindex.html"])
    assert [url.removeprefix("http://x.cn") for url in frontier.known] == [
        "/", "/a/Default.aspx", "/index.html?id=1", "/reindex.html",
    ]  # fmt: skip


def test_pages_of_an_earlier_scan_come_right_after_the_start() -> None:
    frontier = Frontier("http://x.cn/")
    frontier.prefer(["http://x.cn/news/9.html", "http://x.cn/news/8.html", "http://other.cn/"])
    frontier.add(["http://x.cn/news/9.html", "http://x.cn/about"])
    order = []
    while (url := frontier.next()) is not None:
        frontier.take(url)
        order.append(url.removeprefix("http://x.cn"))
    assert order == ["/", "/news/9.html", "/news/8.html", "/about"]


def test_a_site_of_two_pages_ends() -> None:
    frontier = Frontier("http://x.cn/")
    frontier.add(["http://x.cn/a", "http://x.cn/"])
    frontier.take("http://x.cn/")
    frontier.take("http://x.cn/a")
    assert frontier.next() is None


def test_the_pace_slows_when_a_site_pushes_back_and_recovers() -> None:
    pace = Pace(least_s=0.5)
    delays = []
    for status in (200, 429, 503, 200, 200, 200):
        pace.after(status, answered=True)
        delays.append(pace.delay_s)
    assert delays == [0.5, 1.0, 2.0, 1.0, 0.5, 0.5]


def test_a_site_that_only_refuses_is_left_alone() -> None:
    pace = Pace(least_s=1)
    for _ in range(GIVE_UP_AFTER):
        assert not pace.is_over
        pace.after(0, answered=False)
    assert pace.is_over
    assert pace.delay_s == 30


@pytest.mark.parametrize("contact", ["mailto:a@b.cn", "电话", "a\r\nX: y", "(a)"])
def test_the_agent_names_us_on_one_plain_line(contact: str) -> None:
    name = agent(contact)
    assert name.isascii()
    assert name.startswith("TantuScanner/1")
    assert "\n" not in name
    assert "\r" not in name


@pytest.fixture
def fetching(request: pytest.FixtureRequest) -> Iterator[object]:
    guards: list[EgressGuard] = []

    def fetcher_for(site: Site) -> Fetcher:
        settings = GuardSettings((Allowance("127.0.0.1", site.port),), patience_s=1)
        guards.append(EgressGuard(settings).__enter__())
        return Fetcher(guards[-1], "TantuScanner/1")

    yield fetcher_for
    for guard in guards:
        guard.__exit__(None, None, None)


@pytest.mark.parametrize("exempt", ["*", "127.0.0.1"])
@pytest.mark.parametrize("way", ["http", "https", "redirect"])
def test_no_environment_leads_round_the_guard(
    fetching, monkeypatch: pytest.MonkeyPatch, exempt: str, way: str
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, exempt)
    with served({"/": Answer("secret")}) as inside:
        moved = Answer(status=302, headers={"Location": inside.url("/")})
        with served({"/robots.txt": moved}) as site:
            fetcher = fetching(site)
            direct = f"{way}://{inside.host}/"
            found = fetcher.get(site.url("/robots.txt") if way == "redirect" else direct)
            notes = [one for one in fetcher._guard.passages if one.port == inside.port]
    assert (found.status, found.body, inside.connections) == (0, b"", 0)
    assert [one.verdict for one in notes] == [Verdict.REFUSED]


def test_files_are_fetched_through_the_guard_alone(fetching) -> None:
    routes = {
        "/file": Answer(b"x" * 5000, "text/plain"),
        "/moved": Answer(status=301, headers={"Location": "/file"}),
        "/inward": Answer(status=302, headers={"Location": "http://10.0.0.1/"}),
        "/local": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "/ftp": Answer(status=302, headers={"Location": "ftp://127.0.0.1/x"}),
        "/loop": Answer(status=302, headers={"Location": "/loop"}),
        "/mute": Answer(mute=True),
        "/500": Answer("error", status=500),
    }
    with served(routes) as site:
        fetcher = fetching(site)
        found = {path: fetcher.get(site.url(path), max_bytes=1000) for path in routes}
        outside = [fetcher.get(url).status for url in ("http://10.0.0.1/", "file:///etc/passwd")]
        tls = fetcher.get(f"https://127.0.0.1:{site.port}/file")
    assert found["/file"] == found["/moved"]
    assert (found["/file"].status, len(found["/file"].body)) == (200, 1000)
    assert [found[path].body for path in ("/local", "/ftp", "/loop", "/inward")] == [b""] * 4
    assert (found["/inward"].status, found["/mute"].status) == (0, 0)
    assert found["/500"].status == 500
    assert outside == [0, 0]
    assert tls.status == 0
    assert site.headers_seen[0]["User-Agent"] == "TantuScanner/1"


def test_robots_rules_are_obeyed(fetching) -> None:
    text = (
        "\ufeffUser-agent: *\nDisallow: /a\nCrawl-delay: 7\nUser-agent: TantuScanner\nDisallow: /b"
    )
    with served({"/robots.txt": Answer(text, "text/plain")}) as site:
        robots = Robots(site.url("/"), fetching(site))
        assert robots.allows(site.url("/a"))
        assert not robots.allows(site.url("/b/c"))
        assert robots.delay_s == 0


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False)])
def test_a_missing_robots_file_allows_and_a_broken_site_does_not(
    fetching, status: int, allowed: bool
) -> None:
    with served({"/robots.txt": Answer("Disallow: /", status=status)}) as site:
        robots = Robots(site.url("/"), fetching(site))
        assert robots.allows(site.url("/")) is allowed
        assert robots.has_answered


def test_site_maps_are_followed_within_the_site_and_not_for_ever(fetching) -> None:
    routes: dict[str, Answer | str] = {}
    with served(routes) as site:
        index = "<sitemapindex>{}</sitemapindex>"
        places = ["/maps.xml", "/one.xml", "http://10.0.0.1/x.xml", "/bad.xml", "/gone.xml"]
        whole = [place if "//" in place else site.url(place) for place in places]
        maps = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in whole)
        routes["/robots.txt"] = Answer(f"Sitemap: {site.url('/maps.xml')}", "text/plain")
        routes["/maps.xml"] = Answer(index.format(maps), "text/xml")
        routes["/bad.xml"] = Answer(LAUGHS, "text/xml")
        page = site.url("/page?utm_source=x#top")
        body = entries(page, site.url("/page"), "http://other.cn/").encode()
        routes["/one.xml"] = Answer(gzip.compress(body), "application/gzip")
        robots = Robots(site.url("/"), fetching(site))
        assert robots.pages() == [site.url("/page")]
        assert site.hits.count("/maps.xml") == 1


def site_settings(**more: object) -> SiteSettings:
    return SiteSettings(**{"delay_s": 0, "page": CALM, **more})  # type: ignore[arg-type]


@pytest.mark.browser
def test_a_site_is_scanned_within_its_rules(guard: EgressGuard, sites: Sites) -> None:
    with Browser(BrowserSettings(proxy=guard.address)) as browser:
        scanner = SiteScanner(sites.url("/"), browser, guard, site_settings(pages=11))
        pages = list(scanner.pages())
    outcomes = {page.url.removeprefix(sites.url("")): page.outcome for page in pages}
    assert next(iter(outcomes)) == "/"
    assert outcomes["/private/secret.html"] is Outcome.BLOCKED_BY_ROBOTS
    scanned = [path for path, outcome in outcomes.items() if outcome is Outcome.SCANNED]
    assert len(scanned) == 11
    assert {"/", "/good.html", "/form.html", "/aria.html", "/frames.html"} <= set(scanned)
    assert "/private/secret.html" not in sites.main.hits
    assert pages[0].attachments == (sites.url("/files/notice.pdf"),)
    assert sites.url("/good.html") in pages[0].links
    assert "https://elsewhere.example/" in pages[0].links


@pytest.mark.browser
def test_an_interrupted_scan_goes_on_where_it_was(guard: EgressGuard, sites: Sites) -> None:
    with Browser(BrowserSettings(proxy=guard.address)) as browser:
        whole = list(SiteScanner(sites.url("/"), browser, guard, site_settings(pages=4)).pages())
        first = [Seen(page.url, page.final_url, page.links, page.outcome) for page in whole[:3]]
        again = SiteScanner(sites.url("/"), browser, guard, site_settings(pages=4))
        rest = list(again.pages(first))
    assert [page.url for page in rest] == [page.url for page in whole[3:]]
    assert len(rest) >= 1


@pytest.mark.browser
def test_two_addresses_of_one_page_are_reported_once(guard_of, browser_of) -> None:
    links = "".join(f"<a href={path}>x</a>" for path in ("/old", "/older", "/new"))
    routes = {
        "/": f"<title>t</title>{links}",
        "/new": "<title>new</title>",
        "/old": Answer(status=301, headers={"Location": "/new"}),
        "/older": Answer(status=301, headers={"Location": "/new"}),
    }
    with served(routes) as site:
        guard = guard_of(site)
        scanner = SiteScanner(site.url("/"), browser_of(guard), guard, site_settings(pages=9))
        pages = list(scanner.pages())
    assert [(page.url, page.final_url) for page in pages] == [
        (site.url("/"), site.url("/")),
        (site.url("/old"), site.url("/new")),
    ]


@pytest.mark.browser
def test_a_page_of_an_earlier_scan_that_became_another_is_said_to_have(
    guard_of, browser_of
) -> None:
    """Else its faults could never be seen to be gone."""
    page = "<!doctype html><html lang=en><title>t</title><main><h1>t</h1></main>"
    routes: dict[str, Answer | str] = {
        "/": page,
        "/old": Answer("", status=302, headers={"Location": "/"}),
        "/broken": Answer("", status=302, headers={"Location": "/gone"}),
        "/lost": Answer("", status=302, headers={"Location": "/gone"}),
        "/gone": Answer("nothing here", status=404),
    }
    with served(routes) as site:
        guard = guard_of(site)
        again = [site.url(path) for path in ("/old", "/broken", "/lost")]
        scanner = SiteScanner(site.url("/"), browser_of(guard), guard, site_settings())
        pages = list(scanner.pages(revisit=again))
    assert [(one.url, one.outcome, one.status) for one in pages] == [
        (site.url("/"), Outcome.SCANNED, 200),
        (again[0], Outcome.MERGED, 200),
        (again[1], Outcome.HTTP_ERROR, 404),
        (again[2], Outcome.HTTP_ERROR, 404),
    ]
    assert pages[1].final_url == site.url("/")


@pytest.mark.browser
def test_a_site_without_an_answer_is_named_and_one_that_forbids_us_is_too(
    guard_of, browser_of
) -> None:
    with served({"/": "<title>t</title>", "/robots.txt": Answer("Disallow", status=503)}) as site:
        guard = guard_of(site)
        browser = browser_of(guard)
        broken = list(SiteScanner(site.url("/"), browser, guard, site_settings()).pages())
        site.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /", "text/plain")
        closed = list(SiteScanner(site.url("/"), browser, guard, site_settings()).pages())
        nobody = list(
            SiteScanner("http://nobody.invalid/", browser, guard, site_settings()).pages()
        )
    assert [one.outcome for one in broken] == [Outcome.ROBOTS_UNREACHABLE]
    assert [one.outcome for one in closed] == [Outcome.BLOCKED_BY_ROBOTS]
    assert [(one.outcome, one.cause) for one in nobody] == [(Outcome.NETWORK_ERROR, "unresolved")]


@pytest.mark.browser
def test_the_pause_between_pages_is_kept(guard_of, browser_of) -> None:
    routes = {"/": "<title>t</title><a href=/a>a</a><a href=/b>b</a>", "/a": "a", "/b": "b"}
    routes["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 1.5", "text/plain")
    with served(routes) as site:
        guard = guard_of(site)
        scanner = SiteScanner(site.url("/"), browser_of(guard), guard, site_settings())
        started = time.monotonic()
        pages = list(scanner.pages())
        took = time.monotonic() - started
    assert len(pages) == 3
    assert took >= 3


@pytest.fixture
def guard_of() -> Iterator[object]:
    guards: list[EgressGuard] = []

    def make(site: Site) -> EgressGuard:
        settings = GuardSettings((Allowance("127.0.0.1", site.port),), patience_s=3)
        guards.append(EgressGuard(settings).__enter__())
        return guards[-1]

    yield make
    for guard in guards:
        guard.__exit__(None, None, None)


@pytest.fixture
def browser_of() -> Iterator[object]:
    browsers: list[Browser] = []

    def start(guard: EgressGuard) -> Browser:
        browsers.append(Browser(BrowserSettings(proxy=guard.address)).__enter__())
        return browsers[-1]

    yield start
    for browser in browsers:
        browser.close()
