"""A visit says truly what it found; nothing but a real page counts as one."""

import pytest

from audit.browser.addresses import AddressRefused
from audit.browser.visits import Ending, Patience, Visit, visit

from .sites import Answer, served

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><html lang=zh><title>页</title><h1>页</h1>"
QUICK = Patience(load_s=6)

CASES = {
    "/page": (PAGE, Ending.ARRIVED),
    "/moved": (Answer(status=302, headers={"Location": "/page"}), Ending.ARRIVED),
    "/xhtml": (
        Answer(
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head></html>',
            "application/xhtml+xml",
        ),
        Ending.ARRIVED,
    ),
    "/empty": (Answer(b""), Ending.ARRIVED),
    "/201": (Answer(PAGE, status=201), Ending.ARRIVED),
    "/204": (Answer(status=204, content_type=""), Ending.NOT_HTML),
    "/404": (Answer(PAGE, status=404), Ending.HTTP_ERROR),
    "/404-empty": (Answer(b"", status=404), Ending.HTTP_ERROR),
    "/500": (Answer(PAGE, status=500), Ending.HTTP_ERROR),
    "/locked": (
        Answer(PAGE, status=401, headers={"WWW-Authenticate": "Basic realm=x"}),
        Ending.HTTP_ERROR,
    ),
    "/text": (Answer("text", "text/plain"), Ending.NOT_HTML),
    "/json": (Answer("{}", "application/json"), Ending.NOT_HTML),
    "/image": (Answer(b"GIF89a", "image/gif"), Ending.NOT_HTML),
    "/file": (
        Answer(b"x", headers={"Content-Disposition": "attachment; filename=x.html"}),
        Ending.DOWNLOAD,
    ),
    "/binary": (Answer(b"x", "application/octet-stream"), Ending.DOWNLOAD),
    "/loop": (Answer(status=302, headers={"Location": "/loop"}), Ending.NETWORK_ERROR),
    "/reset": (Answer(reset=True), Ending.NETWORK_ERROR),
    "/mute": (Answer(mute=True), Ending.NETWORK_ERROR),
    "/reload": (PAGE + "<script>location.reload()</script>", Ending.RESTLESS),
    "/refresh": (PAGE + "<meta http-equiv=refresh content=0>", Ending.RESTLESS),
    "/pushes": (
        PAGE + "<script>setInterval(()=>history.pushState(0,'','?'+Math.random()),5)</script>",
        Ending.ARRIVED,
    ),
    "/file-scheme": (
        Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        Ending.NETWORK_ERROR,
    ),
    "/private": (
        Answer(status=302, headers={"Location": "http://169.254.169.254/latest"}),
        Ending.REFUSED,
    ),
    "/decimal": (Answer(status=302, headers={"Location": "http://2130706433/"}), Ending.REFUSED),
    "/script-away": (PAGE + "<script>location='http://10.0.0.1/'</script>", Ending.REFUSED),
}


def test_every_answer_of_a_site_has_its_true_name(guard_for, browser_for) -> None:
    """All through one browser, so that no page may be taken for the one before it."""
    with served({path: answer for path, (answer, _) in CASES.items()}) as site:
        guard = guard_for(site, patience_s=1)
        browser = browser_for(guard)
        found = {path: visit(browser, site.url(path), guard, QUICK) for path in CASES}
    assert {path: one.ending for path, one in found.items()} == {
        path: ending for path, (_, ending) in CASES.items()
    }
    assert found["/moved"].final_url.endswith("/page")
    assert found["/404"].status == 404
    assert found["/mute"].cause == "silent"
    assert found["/private"].cause == "private_address"
    documents = [one.document_id for one in found.values() if one.ending is Ending.ARRIVED]
    assert len(set(documents)) == len(documents)


def test_a_page_that_never_finishes_is_taken_as_it_is(guard_for, browser_for) -> None:
    routes = {
        "/image": PAGE + "<img src=/never>",
        "/script": PAGE + "<script src=/never></script><p>after</p>",
        "/body": Answer(PAGE, hang=True),
        "/never": Answer(hang=True),
    }
    with served(routes) as site:
        guard = guard_for(site, patience_s=30)
        browser = browser_for(guard)
        for path in ("/image", "/script", "/body"):
            found = visit(browser, site.url(path), guard, Patience(load_s=1))
            assert (found.ending, found.late) == (Ending.ARRIVED, True), path


def test_a_broken_certificate_and_a_missing_host_are_told_apart(guard_for, browser_for) -> None:
    with served({"/": PAGE}) as site:
        guard = guard_for(site)
        browser = browser_for(guard)

        def go(url: str) -> Visit:
            return visit(browser, url, guard, QUICK)

        assert go(f"https://127.0.0.1:{site.port}/").ending is Ending.TLS_ERROR
        missing = go("http://no-such-host.invalid/")
        assert (missing.ending, missing.cause) == (Ending.NETWORK_ERROR, "unresolved")
        missing = go("https://no-such-host.invalid/")
        assert (missing.ending, missing.cause) == (Ending.NETWORK_ERROR, "unresolved")
        assert go("http://127.0.0.1/").ending is Ending.REFUSED
        assert go("https://127.0.0.1/").ending is Ending.REFUSED


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://version", "data:text/html,x"])
def test_the_address_box_takes_http_only(guard_for, browser_for, url: str) -> None:
    guard = guard_for()
    browser = browser_for(guard)
    with pytest.raises(AddressRefused):
        visit(browser, url, guard, QUICK)


def test_plain_webdriver_names_the_same_endings(guard_for, browser_for) -> None:
    """Without DevTools a download, a redirect loop and silence all look like no document."""
    same = ("/page", "/moved", "/404", "/500", "/text", "/201", "/private", "/reset", "/image")
    with served({path: answer for path, (answer, _) in CASES.items()}) as site:
        guard = guard_for(site, patience_s=1)
        browser = browser_for(guard, devtools=False)
        for path in same:
            found = visit(browser, site.url(path), guard, QUICK)
            assert found.ending is CASES[path][1], path
        for path in ("/file", "/loop", "/204"):
            found = visit(browser, site.url(path), guard, Patience(load_s=1))
            assert found.ending in (Ending.NETWORK_ERROR, Ending.NOT_HTML), path
