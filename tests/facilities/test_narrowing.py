"""Lists, maps and files narrowed by what is known of a facility: its class, stage, programmes."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.accounts.rules import OrganisationKind
from audit.core.db import transaction
from audit.facilities.rules import FacilityKind
from audit.routing.actions import choose_route
from audit.routing.rules import Route, Scope
from audit.tables.reading import read_table
from tests.careful import CarefulClient
from tests.factories import ANYUE, NARROW_STALL, Factory

SignIn = Callable[..., CarefulClient]


def town(make: Factory) -> None:
    make.toilet(name="甲厕", facts={"host": "scenic", "stage": "new"})
    make.toilet(name="乙厕", facts={"host": "transport", "programmes": ["rural", "renewal"]})
    make.toilet(name="丙厕")
    make.facility(FacilityKind.BUILDING, name="丁楼", facts={"stage": "new", "branch": "school"})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=toilet&fact.host=scenic", "甲"),
        ("kind=toilet&fact.host=market", ""),
        ("fact.stage=new", "甲丁"),
        ("kind=toilet&fact.stage=new", "甲"),
        ("fact.programmes=rural", "乙"),
        ("fact.programmes=renewal&kind=toilet", "乙"),
        ("kind=building&fact.branch=school", "丁"),
        ("kind=building&fact.host=scenic", "丁"),  # not asked of buildings: narrows nothing
        ("fact.host=scenic", "甲乙丙丁"),
    ],
)
def test_list_map_and_file_are_narrowed_alike(
    make: Factory, signed_in: SignIn, query: str, found: str
) -> None:
    town(make)
    browser = signed_in("coordinator")
    listed = browser.get(f"/facilities/?{query}").get_data(as_text=True)
    assert [one for one in "甲乙丙丁" if f">{one}厕<" in listed or f">{one}楼<" in listed] == list(
        found
    )
    spots = browser.get(f"/map/facilities?bbox=104,29,106,31&z=16&{query}").get_json()
    assert sorted(one["title"][0] for one in spots["items"]) == sorted(found)
    rows = browser.get(f"/exports/facilities.csv?{query}").get_data(as_text=True)
    assert [one for one in "甲乙丙丁" if f"{one}厕" in rows or f"{one}楼" in rows] == list(found)


@pytest.mark.parametrize("query", ["fact.stage=x", "kind=toilet&fact.host=%22", "fact.stage=%25"])
def test_a_value_that_does_not_exist_is_named_and_left_out(signed_in: SignIn, query: str) -> None:
    browser = signed_in("coordinator")
    for page in ("/facilities/?q=a", "/map/?show=facilities&q=a"):
        answer = browser.get(f"{page}&{query}")
        kept = query.startswith("kind=toilet")
        assert answer.headers["Location"] == page + ("&kind=toilet" if kept else "")
        html = browser.get(answer.headers["Location"]).get_data(as_text=True)
        assert "地址里有不认识的条件，没有采用：fact." in html
    assert browser.get(f"/exports/facilities.csv?{query}").status_code == 404


def test_what_narrows_is_said_and_can_be_taken_away(make: Factory, signed_in: SignIn) -> None:
    town(make)
    for page in ("/facilities/?", "/map/?show=facilities&"):
        html = signed_in("coordinator").get(f"{page}kind=toilet&fact.host=scenic")
        text = html.get_data(as_text=True)
        assert "公厕所在：旅游景区" in text
        assert "fact.host" in text.split('id="fact.host"')[1]


def test_several_programmes_are_kept_shown_and_come_back(make: Factory, signed_in: SignIn) -> None:
    place = make.toilet(facts={"programmes": ["rural", "renewal"]})
    browser = signed_in("coordinator")
    assert "乡村建设行动、城市更新行动" in browser.get(f"/facilities/{place}").get_data(
        as_text=True
    )
    form = browser.get(f"/facilities/{place}/edit").get_data(as_text=True)
    assert form.count('name="fact.programmes"') == 5
    assert len(re.findall(r'name="fact.programmes"[^>]* checked', form)) == 2


def test_problems_are_narrowed_and_taken_out_by_programme(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    tagged = make.toilet(name="乙厕", facts={"programmes": ["rural", "renewal"]})
    for place in (tagged, make.toilet(name="丙厕"), make.toilet(name="=1+1", lon=104.7)):
        make.inspection(place, make.actor(), NARROW_STALL)
    browser = signed_in("coordinator")
    listed = browser.get("/findings/?programme=rural").get_data(as_text=True)
    assert "乡村建设行动" in listed and "乙厕" in listed and "丙厕" not in listed
    spots = browser.get("/map/findings?bbox=104,29,106,31&z=14&programme=rural").get_json()
    assert spots["total"] == 1
    rows = browser.get("/exports/findings.csv?programme=rural").get_data(as_text=True)
    assert "乙厕" in rows and "乡村建设行动、城市更新行动" in rows and "丙厕" not in rows
    whole = browser.get("/exports/findings.geojson").get_json()["features"]
    assert len(whole) == 3 and whole[0]["geometry"]["coordinates"] == [104.6276, 30.1222]
    assert "'=1+1" in browser.get("/exports/findings.csv").get_data(as_text=True)
    assert browser.get("/exports/findings.xlsx").data[:2] == b"PK"
    assert browser.get("/exports/findings.csv?programme=nonsense").status_code == 404


def test_an_export_of_problems_names_the_department_and_who_fixes(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    office = make.organisation("市城管局", OrganisationKind.DEPARTMENT)
    above = make.actor("administrator", district=None)
    with app.app_context(), transaction():
        choose_route(Scope(), Route(office), "会议", above)
    make.dispatched(make.organisation("某保洁公司"))
    make.finding()
    browser = signed_in("coordinator")
    with browser.get("/exports/findings.csv") as sent:
        listed = read_table(sent.get_data())
    who = [listed.columns.index(title) for title in ("主管部门", "整改单位")]
    rows = [[row.cells[one] for one in who] for row in listed.rows]
    assert rows == [["市城管局", "某保洁公司"], ["", ""]]


def test_an_export_of_problems_keeps_to_what_one_may_see(make: Factory, signed_in: SignIn) -> None:
    number = make.finding()
    for role, more in (("coordinator", {"district": ANYUE}), ("organisation", {})):
        rows = signed_in(role, **more).get("/exports/findings.csv").get_data(as_text=True)
        assert "编号" in rows and number not in rows
    assert signed_in("auditor", district=None).get("/exports/findings.csv").status_code == 403
