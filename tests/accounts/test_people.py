"""Roles spread over districts; people from the command line."""

import re

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from audit.accounts import queries
from audit.accounts.cli import user
from audit.accounts.rules import OrganisationKind
from audit.core.actors import May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.core.ids import new_id
from audit.journal.queries import first_broken_link
from tests.factories import ANYUE, YANJIANG, Factory

CODE = re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}\b")
CITY = "512000"


def run(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(user, list(words), obj=ScriptInfo(create_app=lambda: app))


def test_a_grant_spreads_over_everything_below_its_district(make: Factory) -> None:
    county = make.actor("supervisor", district=YANJIANG)
    assert county.may(May.INSPECT, YANJIANG)
    assert not county.may(May.INSPECT, ANYUE) and not county.may(May.INSPECT, CITY)
    towns = county.districts_for(May.INSPECT)
    assert towns is not None and len(towns) > 10
    assert all(code.startswith(YANJIANG) for code in towns)
    city = make.actor("supervisor", district=CITY)
    assert city.may(May.INSPECT, ANYUE) and city.may(May.INSPECT, f"{ANYUE}100")


def test_a_person_of_no_district_is_of_the_whole_city(make: Factory) -> None:
    assert make.actor("supervisor", district=None).districts_for(May.INSPECT) is None


def test_organisations_are_listed_by_name_and_kind(app: Flask, make: Factory) -> None:
    make.organisation("乙单位")
    make.organisation("甲单位", OrganisationKind.DEPARTMENT)
    with app.app_context():
        assert len(queries.organisations()) == 2
        named = queries.organisations(OrganisationKind.DEPARTMENT)
        assert [one.name for one in named] == ["甲单位"]
        with pytest.raises(NotFound):
            queries.get_organisation(new_id())


def test_a_person_is_added_with_a_one_time_code(app: Flask) -> None:
    done = run(app, "add", "li", "李明", "--role", "supervisor", "--district", YANJIANG)
    assert done.exit_code == 0 and CODE.search(done.output)
    with app.app_context():
        [person] = queries.people()
        assert (person.login, person.name, person.must_change_password) == ("li", "李明", True)
        assert [(one.role, one.district_code) for one in person.grants] == [
            ("supervisor", YANJIANG)
        ]
        assert first_broken_link() is None


def test_who_fixes_is_added_with_an_organisation(app: Flask) -> None:
    without = run(app, "add", "fix", "某人", "--role", "organisation")
    assert without.exit_code == 1 and "必须属于一个单位" in without.output
    for login in ("fix", "fix2"):
        done = run(app, "add", login, "某人", "--role", "organisation", "--organisation", "甲公司")
        assert done.exit_code == 0
    with app.app_context():
        assert [one.name for one in queries.organisations()] == ["甲公司"]
        assert len({person.organisation_id for person in queries.people()}) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "taken", "某人", "--role", "auditor"), "已经有人使用"),
        (("add", "x", "某人", "--role", "king"), "king"),
        (("add", "x", "某人", "--role", "auditor", "--district", "999999"), "999999"),
        (("reset", "nobody"), "nobody"),
        (("disable", "nobody"), "nobody"),
        (("enable", "nobody"), "nobody"),
    ],
)
def test_a_command_that_cannot_be_done_says_so_and_changes_nothing(
    app: Flask, words: tuple[str, ...], said: str
) -> None:
    run(app, "add", "taken", "某人", "--role", "auditor")
    done = run(app, *words)
    assert done.exit_code in {1, 2}
    assert said in done.output and "Traceback" not in done.output
    with app.app_context():
        assert [person.login for person in queries.people()] == ["taken"]


def test_an_account_is_closed_and_opened_and_given_a_new_code(app: Flask) -> None:
    first = run(app, "add", "li", "李明", "--role", "auditor").output
    assert run(app, "disable", "li").exit_code == 0
    assert "(off)" in run(app, "list").output
    assert run(app, "enable", "LI").exit_code == 0
    listed = run(app, "list").output
    assert "(off)" not in listed and "auditor@*" in listed
    again = run(app, "reset", "li")
    found, fresh = CODE.search(first), CODE.search(again.output)
    assert found and fresh and found[0] != fresh[0]
    with app.app_context():
        person = queries.find_user("li")
        assert person is not None and person.must_change_password
        db.session.rollback()
