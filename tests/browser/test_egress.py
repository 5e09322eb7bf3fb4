"""A page on an allowed site tries every way out of it towards a private server."""

import socket
import threading
from collections.abc import Iterator

import pytest

from audit.browser.addresses import PRIVATE
from audit.browser.visits import Ending, Patience, visit
from audit.browser.worlds import World, frame_tree

from .sites import Answer, Site, served

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><html lang=zh><title>页</title>{}"

# {at} is host:port of the private server.
WAYS = {
    "img": "<img src=http://{at}/img>",
    "frame": "<iframe src=http://{at}/frame></iframe>",
    "object": "<object data=http://{at}/object></object>",
    "css": "<style>@import 'http://{at}/css'; body{{background:url(http://{at}/bg)}}</style>",
    "font": "<style>@font-face{{font-family:f;src:url(http://{at}/font)}}</style>"
    "<p style='font-family:f'>x</p>",
    "script": "<script src=http://{at}/script></script>",
    "fetch": "<script>fetch('http://{at}/fetch',{{mode:'no-cors'}})</script>",
    "xhr": "<script>x=new XMLHttpRequest;x.open('POST','http://{at}/xhr');x.send('a')</script>",
    "socket": "<script>new WebSocket('ws://{at}/socket')</script>",
    "events": "<script>new EventSource('http://{at}/events')</script>",
    "beacon": "<script>navigator.sendBeacon('http://{at}/beacon','a')</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('http://{at}/worker',"
    "{{mode:'no-cors'}})\"])))</script>",
    "prefetch": "<link rel=prefetch href=http://{at}/prefetch>"
    "<link rel=preconnect href=http://{at}/><link rel=dns-prefetch href=//{at}/>"
    "<link rel=preload as=image href=http://{at}/preload>",
    "favicon": "<link rel=icon href=http://{at}/favicon>",
    "video": "<video src=http://{at}/video autoplay muted></video>",
    "form": "<form action=http://{at}/form target=f></form><iframe name=f></iframe>"
    "<script>document.forms[0].submit()</script>",
    "popup": "<script>open('http://{at}/popup')</script>",
    "ping": "<a href=#x ping=http://{at}/ping>x</a><script>document.links[0].click()</script>",
    "srcdoc": "<iframe srcdoc=\"<img src='http://{at}/srcdoc'>\"></iframe>",
    "location": "<script>setTimeout(()=>location='http://{at}/location',300)</script>",
    "refresh": "<meta http-equiv=refresh content='0;url=http://{at}/refresh'>",
}


@pytest.fixture
def inside() -> Iterator[Site]:
    with served({}) as site:
        yield site


AWAY = ("location", "refresh")


def routes_towards(at: str) -> dict[str, Answer | str]:
    """One page that tries everything a page may do in place, and pages that go away."""
    in_place = "".join(text for way, text in WAYS.items() if way not in AWAY)
    return {
        "/all": PAGE.format(in_place.format(at=at)),
        **{f"/{way}": PAGE.format(WAYS[way].format(at=at)) for way in AWAY},
        "/headers": Answer(
            PAGE.format("<script>fetch('/nowhere')</script>"),
            headers={
                "Link": f"<http://{at}/link>; rel=preload; as=image",
                "Refresh": f"0;url=http://{at}/header",
                "Report-To": f'{{"max_age":9,"endpoints":[{{"url":"http://{at}/r"}}]}}',
                "NEL": '{"report_to":"default","max_age":9,"success_fraction":1}',
            },
        ),
        "/redirect": Answer(status=302, headers={"Location": f"http://{at}/redirect"}),
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]"])
def test_no_page_reaches_a_private_server(guard_for, browser_for, inside: Site, host: str) -> None:
    routes = routes_towards(f"{host}:{inside.port}")
    with served(routes) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        endings = {
            path: visit(browser, site.url(path), guard, Patience(load_s=3, rest_s=0.8)).ending
            for path in routes
        }
        tried = [one for one in guard.refusals(0) if one.port == inside.port]
    assert endings == {
        "/all": Ending.ARRIVED,
        "/location": Ending.REFUSED,
        "/refresh": Ending.REFUSED,
        "/headers": Ending.REFUSED,
        "/redirect": Ending.REFUSED,
    }
    assert {one.reason for one in tried} == {PRIVATE}
    assert inside.connections == 0


@pytest.mark.parametrize("exempt", ["*", "127.0.0.1"])
def test_no_environment_leads_round_the_guard(
    guard_for, browser_for, inside: Site, monkeypatch: pytest.MonkeyPatch, exempt: str
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, exempt)
    guard = guard_for()
    ending = visit(browser_for(guard), inside.url(), guard, Patience(load_s=3, rest_s=0.2)).ending
    assert (ending, inside.connections) == (Ending.REFUSED, 0)


def test_the_same_ways_arrive_where_they_are_allowed(guard_for, browser_for, inside: Site) -> None:
    """Without the guard's refusal the ways above work: the test before it can fail."""
    with served(routes_towards(inside.host)) as site:
        guard = guard_for(site, inside)
        browser = browser_for(guard)
        for path in site.routes:
            visit(browser, site.url(path), guard, Patience(load_s=3, rest_s=0.8))
    arrived = {hit.strip("/") for hit in inside.hits}
    # No window opens and no ping is sent by this browser at all.
    silent = {"popup", "ping", "favicon", "prefetch", "font"}
    assert arrived >= {*WAYS, "bg", "preload", "link", "header", "redirect"} - silent


def test_web_rtc_sends_no_packet(guard_for, browser_for) -> None:
    packets: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(4)
        port = ear.getsockname()[1]

        def listen() -> None:
            try:
                packets.append(ear.recv(2000))
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        script = (
            "<script>p=new RTCPeerConnection({{iceServers:[{{urls:'stun:127.0.0.1:{0}'}},"
            "{{urls:'turn:127.0.0.1:{0}?transport=udp',username:'u',credential:'c'}}]}});"
            "p.createDataChannel('c');p.onicecandidate=e=>document.title+='|'+e.candidate;"
            "p.createOffer().then(o=>p.setLocalDescription(o))</script>"
        )
        with served({"/": PAGE.format(script.format(port))}) as site:
            guard = guard_for(site)
            browser = browser_for(guard)
            visit(browser, site.url("/"), guard)
            world = World(browser, "t")
            title = world.evaluate(
                frame_tree(browser).id,
                "new Promise(r => setTimeout(() => r(document.title), 2500))",
            )
            listener.join()
    assert packets == []
    assert "typ host" not in title
    assert "null" in title, "candidates were gathered to the end"


def test_a_service_worker_does_not_answer_later_visits(guard_for, browser_for) -> None:
    worker = (
        "self.oninstall=()=>skipWaiting();self.onactivate=e=>e.waitUntil(clients.claim());"
        "self.onfetch=e=>e.respondWith(new Response('<title>forged</title>',"
        "{headers:{'Content-Type':'text/html'}}))"
    )
    page = PAGE.format(
        "<script>navigator.serviceWorker.register('/sw.js').then(()=>"
        "navigator.serviceWorker.ready).then(()=>document.title='ready')</script>"
    )
    routes = {
        "/": page,
        "/sw.js": Answer(worker, "text/javascript"),
        "/second": PAGE.format("<h1>true</h1>"),
    }
    with served(routes) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        visit(browser, site.url("/"), guard, Patience(rest_s=1.5))
        visit(browser, site.url("/second"), guard)
        title = World(browser, "t").evaluate(frame_tree(browser).id, "document.title")
    assert title == "页"
    assert "/second" in site.hits


def test_nothing_is_downloaded(guard_for, browser_for) -> None:
    routes = {
        "/": PAGE.format("<a id=a href=/file download>x</a><script>a.click()</script>"),
        "/file": Answer(b"x" * 1000, "application/octet-stream"),
    }
    with served(routes) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        visit(browser, site.url("/"), guard)
        visit(browser, site.url("/file"), guard)
        home = browser._home
        assert home is not None
        found = [
            path for path in home.rglob("*") if path.is_file() and path.name.startswith("file")
        ]
        assert found == []
