"""Two districts: whatever id of the other one is put into an address, there is nothing there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from audit.accounts.models import Organisation, User
from audit.core.db import db
from audit.journal.models import JournalEntry
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
ROOMS = ("people", "organisations")


@dataclass(frozen=True)
class District:
    organisation: UUID
    person: UUID
    grant: UUID
    login: str
    name: str


def settle(app: Flask, make: Factory, district: str) -> District:
    name = f"{district} 的公司"
    organisation = make.organisation(name, district=district)
    person = make.person("organisation", organisation=organisation, district=district)
    with app.app_context():
        grant = db.session.get_one(User, person.id).grants[0].id
    return District(organisation, person.id, grant, person.login, name)


@pytest.fixture
def home(app: Flask, make: Factory) -> District:
    return settle(app, make, YANJIANG)


@pytest.fixture
def away(app: Flask, make: Factory) -> District:
    return settle(app, make, ANYUE)


def addresses(app: Flask, place: District) -> list[tuple[str, str]]:
    """Every address of these rooms that names something, with that district's ids."""
    values = {
        "user_id": place.person, "organisation_id": place.organisation, "grant_id": place.grant,
    }  # fmt: skip
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in ROOMS or not rule.arguments & values.keys():
            continue
        for verb in ("close", "reopen") if "verb" in rule.arguments else ("",):
            path = str(rule)
            for name, value in {**values, "verb": verb}.items():
                path = re.sub(f"<[^>]*:{name}>", str(value), path)
            found += [(method, path) for method in rule.methods & {"GET", "POST"}]
    return found


def test_every_id_of_the_other_district_is_not_there(
    app: Flask, signed_in: SignIn, home: District, away: District
) -> None:
    browser = signed_in("coordinator")
    with app.app_context():
        before = db.session.scalar(db.select(db.func.count()).select_from(JournalEntry))
    asked = addresses(app, away)
    assert len(asked) >= 13
    for method, path in asked:
        if method == "GET":
            assert browser.get(path).status_code == 404, path
        else:
            sent = {"why": "x", "name": "x", "role": "supervisor", "district": YANJIANG}
            assert browser.send(path, sent, "/people/new").status_code == 404, path
    with app.app_context():
        after = db.session.scalar(db.select(db.func.count()).select_from(JournalEntry))
    assert before == after, "and nothing was done"


def test_the_same_addresses_with_ids_of_the_own_district_are_there(
    app: Flask, signed_in: SignIn, home: District
) -> None:
    """Otherwise the test above would prove nothing."""
    browser = signed_in("coordinator")
    for method, path in addresses(app, home):
        if method == "GET":
            assert browser.get(path).status_code == 200, path
        else:
            assert browser.send(path, {}, "/people/new").status_code != 404, path


def test_mixed_ids_are_not_there(
    app: Flask, signed_in: SignIn, home: District, away: District
) -> None:
    browser = signed_in("coordinator")
    path = f"/people/{home.person}/roles/{away.grant}/remove"
    assert browser.send(path, {}, "/people/new").status_code == 404
    with app.app_context():
        assert len(db.session.get_one(User, away.person).grants) == 1


def test_lists_and_choices_hold_nothing_of_the_other_district(
    signed_in: SignIn, home: District, away: District
) -> None:
    browser = signed_in("coordinator")
    for page in (
        "/people/", f"/people/?q={away.login}", f"/people/?district={ANYUE}", "/people/new",
        "/organisations/", f"/organisations/?district={ANYUE}", "/organisations/new",
        f"/people/new?organisation={away.organisation}",
        f"/organisations/new?parent={away.organisation}",
    ):  # fmt: skip
        html = browser.get(page).get_data(as_text=True)
        main = (
            html.split("<main")[1]
            .replace(f"含“{away.login}”", "")
            .replace(f'value="{away.login}"', "")
        )
        assert away.name not in main and away.login not in main, page
    assert home.login in browser.get("/people/").get_data(as_text=True)
    assert home.name in browser.get("/organisations/").get_data(as_text=True)


def test_nobody_is_put_into_the_other_districts_organisation(
    app: Flask, signed_in: SignIn, home: District, away: District
) -> None:
    """They would see everything that was sent to it."""
    browser = signed_in("coordinator")
    typed = {
        "login": "spy", "name": "某人", "role": "supervisor", "district": YANJIANG,
        "organisation": str(away.organisation),
    }  # fmt: skip
    assert browser.send("/people/new", typed).status_code == 422
    moved = {"name": "某人", "organisation": str(away.organisation)}
    assert browser.send(f"/people/{home.person}/edit", moved).status_code == 422
    with app.app_context():
        assert db.session.get_one(User, home.person).organisation_id == home.organisation


def test_organisations_of_the_city_are_seen_and_left_alone(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    city, browser = make.organisation("市政公司"), signed_in("coordinator")
    page = f"/organisations/{city}"
    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}/edit").status_code == 404
    assert browser.send(f"{page}/close", {"why": "x"}, "/people/new").status_code == 404
    with app.app_context():
        assert db.session.get_one(Organisation, city).active
    assert f'value="{city}"' not in browser.get("/people/new").get_data(as_text=True)
