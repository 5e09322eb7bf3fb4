"""Starting a browser, limiting it, and ending it for certain."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from audit.browser.errors import BrowserGone, BrowserMissing, Ended
from audit.browser.processes import family
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.browser.visits import Ending, Patience, leave, visit
from audit.browser.worlds import World, frame_tree

from .sites import Answer, served

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><html lang=zh><title>页</title><h1>页</h1>"


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX"


def test_nothing_of_a_browser_is_left_when_it_is_closed(guard_for) -> None:
    with served({"/": PAGE}) as site:
        guard = guard_for(site)
        with Browser(BrowserSettings(proxy=guard.address)) as browser:
            visit(browser, site.url("/"), guard)
            leader = browser.leader
            assert leader is not None
            members = family(leader)
            home = browser._home
            assert home is not None
            assert list(home.iterdir())
            assert len(members) > 3
        assert not [pid for pid in members if is_alive(pid)]
        assert not home.exists()
        assert not browser.alive


def test_each_start_has_an_empty_profile(guard_for, browser_for) -> None:
    routes = {"/": Answer(PAGE, headers={"Set-Cookie": "seen=1; Max-Age=9999"})}
    with served(routes) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        visit(browser, site.url("/"), guard)
        visit(browser, site.url("/"), guard)
        browser.renew()
        visit(browser, site.url("/"), guard)
    cookies = [seen.get("Cookie") for seen in site.headers_seen if "Cookie" in seen]
    pages = [hit for hit in site.hits if hit == "/"]
    assert len(pages) == 3
    assert cookies.count("seen=1") == len(cookies)
    last = [seen for seen, hit in zip(site.headers_seen, site.hits, strict=True) if hit == "/"][-1]
    assert "Cookie" not in last


def test_a_spinning_script_is_ended_from_outside(guard_for, browser_for) -> None:
    with served({"/": PAGE + "<script>for(;;);</script>", "/next": PAGE}) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        members = family(browser.leader)
        found = visit(browser, site.url("/"), guard, Patience(load_s=0.5))
        assert found.ending is Ending.HUNG
        assert not browser.alive
        with pytest.raises(BrowserGone):
            visit(browser, site.url("/next"), guard)
        browser.renew()
        assert not [pid for pid in members if is_alive(pid)]
        assert visit(browser, site.url("/next"), guard).ending is Ending.ARRIVED


def test_a_page_that_eats_memory_is_ended(guard_for, browser_for) -> None:
    hungry = "<script>const a=[];setInterval(()=>a.push(new Uint8Array(2e7).fill(1)),5)</script>"
    with served({"/": PAGE + hungry}) as site:
        guard = guard_for(site)
        browser = browser_for(guard, memory_mb=450)
        world = World(browser, "t")
        with pytest.raises(BrowserGone) as gone, browser.deadline(30):
            visit(browser, site.url("/"), guard)
            while True:
                world.evaluate(frame_tree(browser).id, "new Promise(r => setTimeout(r, 100))")
        assert gone.value.why is Ended.MEMORY


def test_dialogs_and_windows_do_not_stop_a_visit(guard_for, browser_for) -> None:
    noisy = (
        PAGE + "<script>alert(1);if(confirm(2))document.title='yes';prompt(3);print();"
        "window.open('/other');onbeforeunload=()=>'stay'</script>"
        "<iframe srcdoc='<script>alert(4)</script>'></iframe>"
        "<form action=/posted target=_blank method=post></form>"
        "<script>document.forms[0].submit()</script>"
    )
    with served({"/": noisy, "/other": PAGE, "/posted": PAGE}) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        found = visit(browser, site.url("/"), guard)
        assert found.ending is Ending.ARRIVED
        leave(browser)
        targets = browser.cdp("Target.getTargets")["targetInfos"]
        assert len([one for one in targets if one["type"] == "page"]) == 1
        assert "/other" not in site.hits
        assert "/posted" not in site.hits


def test_a_browser_by_itself_gets_nowhere(guard_for, browser_for) -> None:
    """No update, time, sign-in or start page of the browser's own passes the guard."""
    with served({"/": PAGE}) as site:
        guard = guard_for(site)
        browser = browser_for(guard)
        visit(browser, site.url("/"), guard)
        world = World(browser, "t")
        world.evaluate(frame_tree(browser).id, "new Promise(r => setTimeout(r, 5000))")
        elsewhere = [one for one in guard.passages if one.port != site.port]
        assert {(one.verdict, one.reason) for one in elsewhere} <= {
            ("refused", "browsers_own_errand")
        }
        assert guard.refusals(0) == ()


def test_the_user_agent_names_us_and_hides_no_headless_mark(guard_for, browser_for) -> None:
    with served({"/": PAGE}) as site:
        guard = guard_for(site)
        browser = browser_for(guard, agent="TantuScanner/1 (+mailto:a@b.cn)")
        visit(browser, site.url("/"), guard)
        world = World(browser, "t")
        assert world.evaluate(frame_tree(browser).id, "navigator.webdriver") is False
    seen = site.headers_seen[0]
    assert seen["User-Agent"].endswith(" TantuScanner/1 (+mailto:a@b.cn)")
    assert "Headless" not in seen["User-Agent"]
    assert seen["Accept-Language"].startswith("zh-CN")


def test_a_missing_browser_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    driver = shutil.which("chromedriver")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserMissing, match=r"chromedriver was .* apt-get install chromium"):
        BrowserSettings().find_driver()
    (tmp_path / "chromedriver").symlink_to(str(driver))
    with pytest.raises(BrowserMissing, match="chromium was"), Browser(BrowserSettings()):
        pytest.fail("there is no browser")


def test_a_remote_browser_must_be_able_to_reach_the_guard(guard_for) -> None:
    guard = guard_for()
    settings = BrowserSettings(proxy=guard.address, webdriver_url="http://grid.example:4444")
    with pytest.raises(BrowserMissing, match="cannot reach the guard"), Browser(settings):
        pytest.fail("its pages would bypass the guard")


def test_a_remote_address_is_driven_like_a_local_browser(guard_for, browser_for) -> None:
    """The driver of one local browser serves as the remote WebDriver of a second."""
    with served({"/": PAGE}) as site:
        guard = guard_for(site)
        first = browser_for(guard)
        address = first._service.service_url
        assert urlsplit(address).port
        remote = browser_for(guard, webdriver_url=address)
        assert remote.has_cdp
        assert remote.leader is None
        assert visit(remote, site.url("/"), guard).ending is Ending.ARRIVED
        remote.close()
        assert visit(first, site.url("/"), guard).ending is Ending.ARRIVED
