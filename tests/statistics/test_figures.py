"""Figures follow from what befell the findings, and each is the list behind it."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from audit.core.clock import HERE, at
from audit.core.db import db, transaction
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import Ending, Verb
from audit.fsck import fsck
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.statistics.town import START, Town

SignIn = Callable[..., CarefulClient]
LATER = datetime(2026, 6, 15, 10, tzinfo=HERE)
SPAN = "from=2026-01&to=2026-06"


@pytest.fixture
def lived(town: Town) -> Iterator[Town]:
    """In time; late after a failed re-check; with more time; void; never fixed; elsewhere; new."""
    prompt, second, granted, void = (town.dispatched() for _ in range(4))
    town.dispatched()
    town.dispatched(district=ANYUE)
    with at(START):
        town.make.finding()
    town.fix(prompt, 10)
    town.recheck(prompt, 50, Verb.PASS_RECHECK)  # the re-check was slow; the fix was not
    town.fix(second, 10)
    town.recheck(second, 20, Verb.FAIL_RECHECK)
    town.fix(second, 40)
    town.recheck(second, 41, Verb.PASS_RECHECK)
    asked = actions.Told("要招标", until=(START + timedelta(days=70)).date())
    town.then(granted, 5, lambda one: actions.act(one, Verb.ASK_TIME, town.fixer, asked))
    town.then(granted, 6, lambda one: actions.act(one, Verb.GRANT_TIME, town.department, asked))
    town.then(void, 7, lambda one: actions.act(one, Verb.VOID, town.office, actions.Told("拆了")))
    with at(LATER):
        yield town


def told(page: str) -> str:
    found = re.search(r'<p class="lead">(受理.*?)</p>', page)
    assert found
    return found.group(1)


def test_the_page_says_what_befell_the_findings(lived: Town, signed_in: SignIn) -> None:
    browser = signed_in("coordinator", district=None)
    page = browser.get(f"/statistics/?{SPAN}").get_data(as_text=True)
    assert told(page) == (
        "受理 7 个问题，立案 6 个。应结案 5 个，其中缓办 0 个；结案 2 个，其中按期 1 个；"
        "到期没有结案的还有 3 个。"
    )
    assert "85.7 %" in page  # 6 of 7
    assert "数少" in page
    may = browser.get("/statistics/?from=2026-05&to=2026-05").get_data(as_text=True)
    assert "应结案 1 个" in told(may)  # time that was granted counts


@pytest.mark.parametrize("by", ["district", "department", "organisation", "month"])
def test_every_number_leads_to_exactly_those_findings(
    lived: Town, signed_in: SignIn, by: str
) -> None:
    browser = signed_in("coordinator", district=None)
    page = browser.get(f"/statistics/?{SPAN}&by={by}").get_data(as_text=True)
    found = re.findall(r'<a href="(/findings/\?[^"]*figure=[^"]*)">(\d+)<', page)
    assert len(found) > 8
    for address, number in found:
        shown = browser.get(unescape(address)).get_data(as_text=True)
        assert f"共 {number} 个问题" in shown, address


def test_a_file_has_the_same_numbers_and_nothing_that_runs(
    lived: Town, make: Factory, signed_in: SignIn
) -> None:
    with make.app.app_context(), transaction():
        from audit.accounts.models import Organisation

        db.session.get_one(Organisation, lived.owner).name = '=HYPERLINK("http://x")'
    browser = signed_in("coordinator", district=None)
    raw = browser.get(f"/statistics/figures.csv?{SPAN}&by=organisation").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw)))
    first = rows[0]
    assert first["整改单位"] == '\'=HYPERLINK("http://x")'
    assert (first["应结案"], first["结案"], first["按期结案"], first["结案率"]) == (
        "5", "2", "1", "0.4",
    )  # fmt: skip
    assert rows[-1]["受理"] == "7"
    assert browser.get(f"/statistics/figures.xlsx?{SPAN}").data.startswith(b"PK")


def test_everybody_counts_what_they_answer_for(lived: Town, signed_in: SignIn) -> None:
    def received(role: str, **facts: object) -> str:
        page = signed_in(role, **facts).get(f"/statistics/?{SPAN}").get_data(as_text=True)
        return told(page).split("，")[0]

    assert received("coordinator") == "受理 6 个问题"
    assert received("coordinator", district=ANYUE) == "受理 1 个问题"
    assert received("organisation", organisation=lived.owner) == "受理 6 个问题"
    assert received("auditor", district=None) == "受理 7 个问题"
    assert received("assessor", district=ANYUE) == "受理 1 个问题"
    other = signed_in("organisation").get(f"/statistics/?{SPAN}").get_data(as_text=True)
    assert "没有可以统计的问题" in other


def test_who_sees_no_findings_gets_no_links_to_them(lived: Town, signed_in: SignIn) -> None:
    page = signed_in("auditor", district=None).get(f"/statistics/?{SPAN}").get_data(as_text=True)
    assert "figure=" not in page
    assert signed_in("security", district=None).get("/statistics/").status_code == 403


def test_a_department_sees_its_own_first(make: Factory, signed_in: SignIn) -> None:
    from audit.accounts.rules import OrganisationKind

    mine = make.organisation("住建局", OrganisationKind.DEPARTMENT)
    answer = signed_in("department", organisation=mine).get("/statistics/")
    assert answer.headers["Location"].endswith(f"/statistics/?department={mine}")


@pytest.mark.parametrize(
    "wrong", ["by=moon", "from=2026-13", "from=2026-06&to=2026-01", "to=1900-01&from=2026-01",
              "kind=castle", "department=x", "nobody=everybody", "from=２０２６-01"],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_and_left_out(signed_in: SignIn, wrong: str) -> None:
    browser = signed_in("coordinator")
    assert browser.get(f"/statistics/?{wrong}").status_code == 302
    assert browser.get(f"/statistics/figures.csv?{wrong}").status_code == 404


def test_a_fix_that_is_refused_buys_no_time_and_a_new_organisation_has_its_own(
    make: Factory, town: Town
) -> None:
    number, other = town.dispatched(), make.organisation()
    first = town.row(number).fix_due_at
    town.fix(number, 10)
    town.recheck(number, 20, Verb.FAIL_RECHECK)
    again = town.row(number)
    assert (again.fix_due_at, again.due_at, again.reworks) == (first, again.due_at, 1)
    assert again.due_at and first and again.due_at > first
    town.then(number, 25, lambda one: actions.dispatch(one, town.department, other))
    assert town.row(number).fix_due_at == town.row(number).due_at


def test_what_is_opened_again_is_no_longer_closed(town: Town) -> None:
    number = town.dispatched()
    town.fix(number, 3)
    town.recheck(number, 4, Verb.PASS_RECHECK)
    assert town.row(number).ending is Ending.IN_TIME
    town.then(number, 9, lambda one: actions.act(one, Verb.REOPEN, town.office, actions.Told("假")))
    row = town.row(number)
    assert (row.ending, row.fixed_at, row.reworks) == (None, None, 0)


def test_columns_that_strayed_are_found_and_made_anew_from_the_events(
    lived: Town, app: Flask
) -> None:
    with app.app_context():
        assert [line for line in fsck() if "counts otherwise" in line] == []
        kept = {one.id: one.milestones() for one in db.session.scalars(db.select(Finding))}
        with transaction():
            db.session.execute(
                db.update(Finding).values(
                    confirmed_at=None, first_fixed_at=None, fixed_at=None, fix_since=None,
                    fix_due_at=None, ending=None, reworks=0, extensions=0,
                )
            )  # fmt: skip
        assert len([line for line in fsck() if "counts otherwise" in line]) == 6
        assert actions.fill_missing_milestones() == 6
        assert actions.fill_missing_milestones() == 0
        again = {one.id: one.milestones() for one in db.session.scalars(db.select(Finding))}
        assert again == kept


def test_what_is_late_is_shown_with_whom_it_waits_for(lived: Town, signed_in: SignIn) -> None:
    browser = signed_in("coordinator", district=None)
    page = browser.get("/statistics/supervision").get_data(as_text=True)
    table = page[page.index('id="waiting"') :]
    waiting = re.findall(r"（([^（）]+)（[^（）]+），(未销号|超期|严重超期)）", table)
    assert waiting  # those who hold something are named with every number
    links = re.findall(r'<a href="(/findings/\?[^"]*)">([\d,]+)<', page)
    assert len(links) > 5
    for address, number in links:
        shown = browser.get(unescape(address)).get_data(as_text=True)
        assert f"共 {number} 个问题" in shown, address


def test_supervision_is_within_the_readers_districts(lived: Town, signed_in: SignIn) -> None:
    page = signed_in("coordinator", district=ANYUE).get("/statistics/supervision")
    assert re.search(r'未销号问题</a></span>\s*<span class="figure__value">1<', page.text)
    auditor = signed_in("auditor", district=None).get("/statistics/supervision")
    assert "/findings/" not in auditor.text[auditor.text.index("<main") :]
