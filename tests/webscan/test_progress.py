"""The page of a scan that waits or runs."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.core import clock
from audit.core.db import db, transaction
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.webscan.actions import begin_scan, finish_scan, keep_page, request_scan
from audit.webscan.models import Scan
from tests.careful import CarefulClient
from tests.factories import Factory

from .test_following import SignIn, page, rule


@pytest.fixture
def step(app: Flask) -> Callable[..., None]:
    """Take a scan one step further."""

    def take(act: Callable[[Scan], object], scan_id: UUID) -> None:
        with app.app_context(), transaction():
            act(db.session.get_one(Scan, scan_id))

    return take


def asked_for(app: Flask, make: Factory, name: str = "示例网站") -> UUID:
    site, actor = make.facility(FacilityKind.WEBSITE, name=name), make.actor("coordinator")
    with app.app_context(), transaction():
        return request_scan(db.session.get_one(Facility, site), actor, pages=4).id


def told(browser: CarefulClient, scan_id: UUID) -> tuple[str, bool]:
    answer = browser.get(f"/scans/{scan_id}/progress").get_json()
    shown = browser.get(f"/scans/{scan_id}").get_data(as_text=True)
    assert (answer["text"] in shown) == answer["is_under_way"]
    return answer["text"], answer["is_under_way"]


def test_a_scan_tells_how_far_it_is_from_the_line_to_the_end(
    app: Flask, make: Factory, signed_in: SignIn, step: Callable[..., None]
) -> None:
    browser = signed_in("coordinator")
    start = clock.now()
    first = asked_for(app, make)
    with clock.at(start + timedelta(seconds=1)):
        second = asked_for(app, make, "另一个网站")
    assert told(browser, first) == ("正在等扫描程序开始。", True)
    assert told(browser, second) == ("正在排队，前面还有 1 个扫描。", True)
    step(begin_scan, first)
    step(lambda one: keep_page(one.id, 1, page("http://a/", rule("image-alt"))), first)
    assert told(browser, first) == ("正在扫描：访问了 1 页，最多 4 页。", True)
    step(lambda one: keep_page(one.id, 2, page("http://a/2")), first)
    with clock.at(start + timedelta(minutes=4)):
        assert "最多 4 页，最多还要约 5 分钟。" in told(browser, first)[0]
    step(finish_scan, first)
    assert told(browser, first) == ("扫描完成，看到了 2 页。", False)
    assert told(browser, second) == ("正在等扫描程序开始。", True)


def test_its_page_can_be_refreshed_by_hand_and_says_what_comes_next(
    app: Flask, make: Factory, signed_in: SignIn, step: Callable[..., None]
) -> None:
    browser = signed_in("coordinator")
    scan_id = asked_for(app, make)
    step(begin_scan, scan_id)
    step(lambda one: keep_page(one.id, 1, page("http://a/", rule("image-alt"))), scan_id)
    text = browser.get(f"/scans/{scan_id}").get_data(as_text=True)
    assert f'href="/scans/{scan_id}"' in text and "刷新" in text
    assert "http-equiv" not in text, "a page that reloads itself takes the reader's place away"
    assert "新发现的问题会列入问题清单" in text and "开始时间" in text and "首页" in text
    assert "图片没有替代文本" in text, "what was found so far"
    assert "重新扫描" not in text


def test_a_scan_that_nobody_takes_up_says_so(
    app: Flask, make: Factory, signed_in: SignIn, step: Callable[..., None]
) -> None:
    browser = signed_in("coordinator")
    scan_id = asked_for(app, make)
    other = asked_for(app, make, "另一个网站")
    warning = "扫描程序可能没有运行"
    assert warning not in browser.get(f"/scans/{scan_id}").get_data(as_text=True)
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert warning in browser.get(f"/scans/{scan_id}").get_data(as_text=True)
        step(begin_scan, other)
        assert warning not in browser.get(f"/scans/{scan_id}").get_data(as_text=True)


def test_while_a_site_is_scanned_its_page_leads_there(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    scan_id = asked_for(app, make)
    with app.app_context():
        site = db.session.get_one(Scan, scan_id).facility_id
    text = signed_in("coordinator").get(f"/facilities/{site}").get_data(as_text=True)
    assert "正在扫描，看进度" in text and f"/scans/of/{site}" not in text


def test_progress_is_for_those_who_may_see_the_scan(
    app: Flask, make: Factory, signed_in: SignIn, client: CarefulClient
) -> None:
    where = f"/scans/{asked_for(app, make)}/progress"
    assert signed_in("coordinator", district="512021").get(where).status_code == 404
    assert client.get(where).status_code in (302, 303, 401)
