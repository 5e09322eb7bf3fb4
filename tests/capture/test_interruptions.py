"""What befalls a phone: a sign-in that ends, a network that creeps, a page that dies, another
person at the same device, no room."""

import pytest
from flask import Flask

from audit.accounts.models import LoginSession
from audit.core.db import db, transaction
from audit.inspections.models import Inspection
from audit.photos.models import Photo
from tests.capture.conftest import Phone
from tests.factories import Factory, Person

pytestmark = [pytest.mark.browser, pytest.mark.own_app]
WIDTH = "wc-stall-width"
# How many drafts lie there, whether the place's name does, whether the key can be had.
LOOK = """
const [id, done] = arguments;
const opening = indexedDB.open(`tantu-capture-${id}`);
const all = (name) => opening.result.transaction(name).objectStore(name).getAll();
opening.onsuccess = () => {
  const [drafts, keys] = [all("drafts"), all("keys")];
  keys.onsuccess = async () => {
    const words = drafts.result.map((row) => new TextDecoder().decode(row.sealed)).join("");
    const key = crypto.subtle.exportKey("raw", keys.result[0]).then(() => "open", () => "shut");
    opening.result.close();
    done([drafts.result.length, words.includes("秘密公厕"), await key]);
  };
};
"""
WHY = "我看不见，由陪同人确认"


def begin(phone: Phone, place: object) -> None:
    phone.press(f'a[href="#/new/{place}/public-toilet"]')
    phone.choose("wc-provision", "male_stall")
    phone.type(WIDTH, "1400")
    phone.type("no_photo_reason", WHY)


def filed(app: Flask) -> int:
    with app.app_context():
        where = Inspection.filed_at.is_not(None)
        return db.session.scalar(db.select(db.func.count()).select_from(Inspection).where(where))


def test_a_sign_in_that_has_ended_loses_nothing(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    begin(phone, place)
    with app.app_context(), transaction() as session:
        session.execute(db.delete(LoginSession))
    phone.press('button[type="submit"]')
    phone.says("登录已过期", "#banners")
    assert phone.faults() == []
    phone.says("等待发送")
    phone.press("#banners a.button")  # to the sign-in page, and back
    phone.type("login", supervisor.login)
    phone.type("password", supervisor.password)
    phone.press('main button[type="submit"]')
    phone.says("已提交：不合格")
    assert filed(app) == 1


def test_a_slow_network_cut_in_the_middle_of_a_picture_goes_on_there(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    begin(phone, place)
    phone.stand_at(104.6277, 30.1223)
    phone.take_photo(WIDTH, size=(2400, 1800), orientation=6)  # held upright
    phone.says("已有 1 张照片")
    phone.network(kb_a_second=60)
    phone.press('button[type="submit"]')
    folder = app.config["SETTINGS"].var_dir / "uploads"
    phone.says("照片 0 / 1")
    phone.wait("return true")
    while not (parts := list(folder.rglob("*.part"))):
        phone.wait("return true")
    phone.network(offline=True)
    phone.reload()
    assert parts[0].exists() and parts[0].stat().st_size > 0
    phone.network()
    phone.says("已提交：不合格")
    with app.app_context():
        picture = db.session.scalars(db.select(Photo)).one()
        assert (picture.width, picture.height) == (1536, 2048)
        assert picture.taken_at is not None
        assert (picture.lon, picture.lat, picture.accuracy_m) == (104.6277, 30.1223, 12)
    assert filed(app) == 1


def test_a_page_that_is_killed_while_it_saves_keeps_the_old_or_the_new(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    begin(phone, place)
    phone.says("已存在本机", ".sticky-bar")
    address = phone.driver.current_url
    for number in range(3):
        phone.type(WIDTH, f"{1400 + number}")
        phone.kill()
        phone.driver.get(address)
        phone.wait("return document.documentElement.dataset.capture === 'ready'")
        value = phone.find(f'[name="{WIDTH}"]').get_attribute("value") or ""
        typed = {f"{1400 + earlier}" for earlier in range(number + 1)}
        assert value in typed | {"", "1", "14", "140"}, "half of what was typed last, or before"
        assert phone.find('[name="no_photo_reason"]').get_attribute("value") == WHY


def test_another_person_at_the_device_sees_nothing_and_leaving_wipes(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    begin(phone, place)
    phone.press('a[href="#/"]')
    phone.says("草稿，已答 2 项")
    other = make.person("supervisor", name="另一位监督员")
    phone.sign_in(make.session_of(other))
    phone.open()
    phone.says("在这台设备里还有检查没有发送", "#banners")
    phone.says("没有草稿")
    phone.sign_in(make.session_of(supervisor))
    phone.driver.get(phone.url + "/help")
    phone.press(".header__tools details:last-of-type summary")
    phone.press("form[data-module=sign-out] button")
    question = phone.asked()
    assert "还有 1 份没有传完" in question.text
    question.dismiss()
    phone.open()
    phone.says("草稿，已答 2 项")
    phone.press('[data-on="leave"]')
    phone.asked().accept()
    phone.wait("return location.pathname === '/'")
    names = phone.driver.execute_async_script(
        "indexedDB.databases().then((all) => arguments[0](all.map((one) => one.name)))"
    )
    assert names == [f"tantu-capture-{other.id}"]


def test_nothing_readable_lies_on_the_device(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    place = make.toilet(name="秘密公厕")
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    begin(phone, place)
    phone.says("已存在本机", ".sticky-bar")
    found = phone.driver.execute_async_script(LOOK, str(supervisor.id))
    assert found == [1, False, "shut"]


def test_too_little_room_is_told_before_it_hurts(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    make.toilet()
    phone.sign_in(make.session_of(supervisor))
    scarce = "navigator.storage.estimate = async () => ({ quota: 60e6, usage: 30e6 })"
    told = {"source": scarce}  # Chromium's own way of saying so changes nothing it tells pages
    script = phone.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", told)
    phone.open()
    phone.says("空间只剩 30 MB", "#banners")
    assert phone.faults() == []
    phone.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_who_may_not_inspect_is_told_so_and_sees_nobody_elses_work(
    app: Flask, phone: Phone, make: Factory, supervisor: Person
) -> None:
    make.toilet()
    phone.sign_in(make.session_of(supervisor))
    phone.open()
    phone.says("资料更新于")
    phone.sign_in(make.session_of(make.person("department")))
    phone.driver.get(phone.url + "/capture/zh/")
    phone.says("没有做这件事的权限", "#banners")
    assert "资料更新于" not in phone.text("main")
    assert phone.faults() == []
