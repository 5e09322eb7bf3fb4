"""An inspection in a place without a network, and what comes of it when there is one again."""

import pytest
from flask import Flask

from audit.capture.views import shell
from audit.core.db import db
from audit.findings.models import Finding
from audit.inspections.models import Inspection, InspectionPhoto
from tests.capture.conftest import Phone
from tests.factories import Factory, Person

pytestmark = [pytest.mark.browser, pytest.mark.own_app]
WIDTH = "wc-stall-width"


def test_filled_without_a_network_filed_exactly_once_with_its_photos(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    phone.says("资料更新于")
    phone.is_kept()

    phone.network(offline=True)
    phone.reload()
    phone.press(f'a[href="#/new/{place}/public-toilet"]')
    phone.choose("wc-provision", "male_stall")
    phone.type(WIDTH, "1400")
    phone.take_photo(WIDTH)
    phone.says("已有 1 张照片")
    phone.reload()  # the browser was closed and opened again
    assert phone.find(f'[name="{WIDTH}"]').get_attribute("value") == "1400"
    phone.says("已有 1 张照片")
    phone.type("no_photo_reason", "我看不见，由陪同人确认")
    phone.press('button[type="submit"]')
    phone.says("等待发送")

    phone.network()
    phone.says("已提交：不合格")
    with app.app_context():
        filed = db.session.scalars(db.select(Inspection)).one()
        assert filed.filed_at is not None and filed.inspector_id == supervisor.id
        assert len(db.session.scalars(db.select(InspectionPhoto)).all()) == 1
        assert WIDTH in db.session.scalars(db.select(Finding.rule_id)).all()
    assert phone.complaints() == []


def test_a_recheck_made_without_a_network_closes_its_finding(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    number = make.fixed()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    phone.is_kept()
    phone.says("待复查 1 项")
    phone.network(offline=True)
    phone.press(f'a[href="#/recheck/{number}"]')
    phone.says("复查：")
    questions = "return document.querySelectorAll('[data-item]').length"
    assert phone.driver.execute_script(questions) == 1
    assert phone.faults() == []
    phone.type(WIDTH, "1600")
    phone.take_photo(WIDTH, seed=5)
    phone.says("已有 1 张照片")
    phone.press('button[type="submit"]')
    phone.says("等待发送")
    phone.network()
    phone.says("已提交：不合格 0 项")
    phone.press('[data-on="refresh"]')
    phone.says(f"{number} 无障碍厕位短边不足：已销号")
    with app.app_context():
        assert make.finding_named(number).state == "closed"


def test_a_new_release_takes_over_when_asked_and_what_is_kept_stays(
    app: Flask,
    phone: Phone,
    make: Factory,
    supervisor: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    phone.is_kept()
    phone.press(f'a[href="#/new/{place}/public-toilet"]')
    phone.type("note", "第一版写的")
    phone.says("已存在本机", ".sticky-bar")
    monkeypatch.setattr(shell, "_version", lambda: "next")
    phone.reload()
    phone.says("有新版本", "#banners")
    assert phone.faults() == []
    phone.press('[data-on="reload"]')
    phone.wait("return (await caches.keys()).join() === 'tantu-capture-next'")
    phone.wait("return document.documentElement.dataset.capture === 'ready'")
    assert phone.find('[name="note"]').get_attribute("value") == "第一版写的"
