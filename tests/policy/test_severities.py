"""A city may set how grave the findings of an item or a rule are, for what is found afterwards."""

from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.actions import Failure, open_findings
from audit.findings.rules import Source
from audit.policy.queries import chosen_severities
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
PAGE = "/settings/severities/wc-stall-width"
CHANGE = {"value": "S1", "why": "近半年有两人摔伤", "action": "choose"}


@pytest.fixture
def office(signed_in: SignIn) -> CarefulClient:
    return signed_in("administrator", district=None)


def severity(make: Factory, number: str) -> str:
    with make.app.app_context():
        return make.finding_named(number).severity


def test_what_is_found_afterwards_is_as_grave_as_was_chosen(
    make: Factory, office: CarefulClient
) -> None:
    before = make.finding()
    assert severity(make, before) == "S2"
    assert office.send(PAGE, CHANGE, PAGE).status_code == 303
    after = make.finding()
    assert (severity(make, before), severity(make, after)) == ("S2", "S1")
    told = office.get("/settings/severities/").get_data(as_text=True)
    assert "本地改过的" in told
    assert "wc-stall-width" in told
    assert "近半年有两人摔伤" in office.get(PAGE).get_data(as_text=True)
    assert office.send(PAGE, CHANGE | {"action": "default"}, PAGE).status_code == 303
    assert severity(make, make.finding()) == "S2"
    assert "没有改过" in office.get("/settings/severities/").get_data(as_text=True)


def test_a_rule_of_the_scanner_is_set_too(app: Flask, make: Factory, office: CarefulClient) -> None:
    page = "/settings/severities/axe:image-alt"
    assert office.send(page, CHANGE | {"value": "S4"}, page).status_code == 303
    site, scanner = make.facility(FacilityKind.WEBSITE), make.actor("supervisor")
    seen = Failure(Source.SCAN, "axe:image-alt", Text("图", "Image"), "S2", "functional", "web")
    with app.app_context(), transaction():
        place = db.session.get_one(Facility, site)
        found = open_findings(place, [seen], scanner, site)
        assert found["axe:image-alt"].severity == "S4"


@pytest.mark.parametrize(
    ("changed", "said"), [({"why": ""}, "请写明原因"), ({"value": "S5"}, "请从列表中选一项")]
)
def test_what_is_wrong_is_told_and_nothing_changes(
    app: Flask, office: CarefulClient, changed: dict[str, str], said: str
) -> None:
    answer = office.send(PAGE, CHANGE | changed, PAGE)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    with app.app_context():
        assert chosen_severities() == {}


def test_what_is_no_item_is_not_there(office: CarefulClient) -> None:
    for name in ("slope_tolerance", "made-up", "axe:made-up", "{{7*7}}"):
        assert office.get(f"/settings/severities/{name}").status_code == 404
        assert office.send(f"/settings/severities/{name}", CHANGE, PAGE).status_code == 404


def test_only_who_chooses_settings_for_the_whole_city_changes_it(
    app: Flask, signed_in: SignIn
) -> None:
    for role, facts in (("auditor", {}), ("security", {}), ("administrator", {})):
        browser = signed_in(role, **facts)
        assert "保存修改" not in browser.get(PAGE).get_data(as_text=True)
        assert browser.send(PAGE, CHANGE, "/account/password").status_code == 403
    assert signed_in("supervisor").get(PAGE).status_code == 403
    with app.app_context():
        assert chosen_severities() == {}
