"""What the city says in its own words: on screen, in both languages, with history."""

from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.db import db
from audit.core.text import Text
from audit.journal.queries import entries_about
from audit.policy.models import PolicyChange
from audit.policy.queries import city_text
from audit.policy.rules.texts import LONGEST, WORDINGS, CityText
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
HOME = "/settings/texts/"


@pytest.fixture
def office(signed_in: SignIn) -> CarefulClient:
    return signed_in("administrator", district=None, name="华某")


def put(browser: CarefulClient, name: str, zh: str, en: str, **more: str) -> tuple[int, str]:
    sent = {"zh": zh, "en": en, "why": "会议决定", "action": "choose"} | more
    answer = browser.send(f"{HOME}{name}", sent)
    return answer.status_code, answer.get_data(as_text=True)


def test_every_text_has_both_languages_and_fits_its_own_limit() -> None:
    assert set(WORDINGS) == set(CityText)
    for one in WORDINGS.values():
        assert bool(one.shipped.zh) == bool(one.shipped.en)
        assert max(len(one.shipped.zh), len(one.shipped.en)) <= LONGEST


def test_words_are_chosen_read_where_they_belong_and_as_shipped_again(
    app: Flask, office: CarefulClient, make: Factory
) -> None:
    with app.test_request_context():
        assert city_text(CityText.THANKS) == WORDINGS[CityText.THANKS].shipped
    assert "本系统拟的文字" in office.get(HOME).get_data(as_text=True)
    assert put(office, "thanks", "辛苦了。\r\n\r\n<b>再见</b>", "Well done.")[0] == 303
    assert put(office, "hours", "工作日 9:00–17:00", "Weekdays 9 to 5")[0] == 303
    assert put(office, "complaint", "可以申辩。", "You may object.")[0] == 303
    with app.test_request_context():
        assert city_text("thanks") == Text("辛苦了。\n\n<b>再见</b>", "Well done.")
    person = make.person("supervisor")
    supervisor: CarefulClient = app.test_client()  # type: ignore[assignment]
    supervisor.hold(make.session_of(person))
    visit = make.inspection(make.toilet(), make.actor_of(person), {})
    result = supervisor.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "<p>辛苦了。</p>" in result and "&lt;b&gt;再见&lt;/b&gt;" in result
    assert "辛苦了" not in office.get(f"/inspections/{visit}").get_data(as_text=True)
    for page in ("/help", "/accessibility"):
        assert "工作日 9:00–17:00" in supervisor.get(page).get_data(as_text=True)
    assert "可以申辩。" in supervisor.get("/help").get_data(as_text=True)
    page = office.get(f"{HOME}thanks").get_data(as_text=True)
    assert "改为：辛苦了。" in page and "会议决定" in page and "谢谢您到现场检查" in page
    assert "华某 选定" in office.get(HOME).get_data(as_text=True)
    assert put(office, "thanks", "x", "", action="default")[0] == 303
    with app.test_request_context():
        assert city_text("thanks") == WORDINGS[CityText.THANKS].shipped
        assert len(entries_about("setting", "text:thanks")) == 2


@pytest.mark.parametrize(
    ("name", "zh", "en", "said"),
    [
        ("thanks", "谢谢", "", "中文和英文都要填"),
        ("thanks", " \n ", "Thank you", "中文和英文都要填"),
        ("notice_opening", "长" * (LONGEST + 1), "Long", f"最多 {LONGEST} 个字"),
        ("office", "长" * 201, "Office", "最多 200 个字"),
    ],
)
def test_half_a_text_or_too_long_a_one_is_told_and_loses_nothing(
    app: Flask, office: CarefulClient, name: str, zh: str, en: str, said: str
) -> None:
    status, html = put(office, name, zh, en)
    assert status == 422 and said in html and (en or zh.strip()) in html
    assert put(office, name, "甲", "A", why="")[0] == 422
    with app.app_context():
        assert not db.session.scalar(db.select(db.func.count()).select_from(PolicyChange))


def test_a_text_may_be_left_out_and_the_office_is_one_line(
    app: Flask, office: CarefulClient
) -> None:
    assert put(office, "thanks", "", "")[0] == 303
    assert put(office, "office", "某市\n残联", "The\nfederation")[0] == 303
    with app.test_request_context():
        assert city_text("thanks") == Text("", "")
        assert city_text("office") == Text("某市 残联", "The federation")
    assert office.get(f"{HOME}secret_key").status_code == 404


def test_others_read_and_do_not_write(signed_in: SignIn) -> None:
    reader = signed_in("auditor")
    assert "您只能查看" in reader.get(f"{HOME}thanks").get_data(as_text=True)
    sent = {"zh": "甲", "en": "A", "why": "x", "action": "choose"}
    assert reader.send(f"{HOME}thanks", sent, "/account/password").status_code == 403
    assert signed_in("supervisor").get(HOME).status_code == 403
