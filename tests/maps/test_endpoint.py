"""The map's two endpoints as HTTP: versions, refusals, hostile questions; and the page without
JavaScript."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask

from audit.checklists.rules import Answer
from audit.core.db import db, transaction
from audit.facilities.rules import FacilityKind
from audit.findings import actions
from audit.findings.models import Finding
from audit.findings.rules import Verb
from audit.web.fields import one_line
from tests.careful import CarefulClient
from tests.factories import ANYUE, GONE, YANJIANG, Factory
from tests.maps.land import Land

VIEW = "bbox=104.3,29.7,105.8,30.7&z=9"
BOTH = pytest.mark.parametrize("path", ["/map/findings", "/map/facilities"])
SignIn = Callable[..., CarefulClient]


def _version(client: CarefulClient, query: str = VIEW, path: str = "/map/findings") -> str:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    etag, weak = answer.get_etag()
    assert etag and not weak
    return str(etag)


@BOTH
def test_what_has_not_changed_is_not_sent_again(
    make: Factory, signed_in: SignIn, path: str
) -> None:
    make.finding()
    client = signed_in("supervisor")
    version = _version(client, path=path)
    again = client.get(f"{path}?{VIEW}", headers={"If-None-Match": f'"{version}"'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.get_etag()[0] == version
    weak = client.get(f"{path}?{VIEW}", headers={"If-None-Match": f'"x", W/"{version}"'})
    assert weak.status_code == 304
    other = client.get(f"{path}?{VIEW}", headers={"If-None-Match": '"else"'})
    assert other.status_code == 200
    assert other.headers["Cache-Control"] == "private, no-cache"
    assert other.headers["Vary"] == "Cookie"


def test_every_act_makes_a_new_version(app: Flask, make: Factory, signed_in: SignIn) -> None:
    number = make.finding()
    coordinator, department = make.actor("coordinator"), make.actor("department")
    owner, client = make.organisation(), signed_in("supervisor")
    versions = [_version(client)]

    def act(verb: Callable[[Finding], None]) -> None:
        with app.app_context(), transaction():
            verb(db.session.scalars(db.select(Finding).where(Finding.number == number)).one())
        versions.append(_version(client))

    act(lambda finding: actions.act(finding, Verb.CONFIRM, coordinator))
    act(lambda finding: actions.dispatch(finding, department, owner))
    act(lambda finding: actions.close_by_rescan(finding, finding.id, GONE))
    act(lambda finding: actions.act(finding, Verb.REOPEN, coordinator, actions.Told("又坏了")))
    make.toilet()
    versions.append(_version(client))
    make.organisation()
    versions.append(_version(client))
    assert len(set(versions)) == len(versions) == 7
    stale = client.get(f"/map/findings?{VIEW}", headers={"If-None-Match": f'"{versions[0]}"'})
    assert stale.status_code == 200


def test_person_language_question_and_map_have_versions_of_their_own(
    make: Factory, signed_in: SignIn
) -> None:
    make.finding()
    one, other = signed_in("supervisor"), signed_in("supervisor")
    versions = [
        _version(one),
        _version(other),
        _version(one, f"{VIEW}&state=open"),
        _version(one, f"{VIEW}&severity=S1"),
        _version(one, VIEW.replace("z=9", "z=10")),
        _version(one, path="/map/facilities"),
    ]
    one.set_cookie("language", "en")
    versions.append(_version(one))
    assert len(set(versions)) == len(versions)
    one.delete_cookie("language")
    assert _version(one) == versions[0]


@BOTH
def test_english_pages_get_english_answers(make: Factory, signed_in: SignIn, path: str) -> None:
    make.finding()
    client = signed_in("supervisor")
    chinese = client.get(f"{path}?{VIEW}").get_json()["items"]
    client.set_cookie("language", "en")
    english = client.get(f"{path}?{VIEW}").get_json()["items"]
    assert [one["id"] for one in english] == [one["id"] for one in chinese]
    if path == "/map/findings":
        assert english[0]["status"] == "Reported"
        assert english[0]["title"] != chinese[0]["title"]


WRONG = [
    "", "z=9", "bbox=104,29,106,31", "bbox=&z=9", "bbox=104,29,106,31&z=", "bbox=104,29,106&z=9",
    "bbox=104,29,106,31,1&z=9", "bbox=106,29,104,31&z=9", "bbox=104,31,106,29&z=9",
    "bbox=NaN,29,106,31&z=9", "bbox=-inf,29,inf,31&z=9", "bbox=1e2,29,106,31&z=9",
    "bbox=104,29,106,91&z=9", "bbox=-181,29,106,31&z=9", "bbox=104,29,999,31&z=9",
    "bbox=104;29;106;31&z=9", "bbox=104,29,106,31%20&z=9", "bbox=104,29,106,31&z=22",
    "bbox=104,29,106,31&z=-1", "bbox=104,29,106,31&z=9.5", "bbox=104,29,106,31&z=nine",
    "bbox=104,29,106,31&z=%D9%A9", "bbox=%D9%A1%D9%A0%D9%A4,29,106,31&z=9",
    "bbox=104,29,106,31%0A&z=9", "bbox=104,29,106,31&z=9%0A", "bbox=104,29,106,31&z=099",
    f"bbox={'1' * 400},29,106,31&z=9", f"bbox=104.{'1' * 4000},29,106,31&z=9",
    f"{VIEW}&kind=castle", f"{VIEW}&kind=' OR 1=1 --",
]  # fmt: skip
WRONG_FINDINGS = [
    f"{VIEW}&state=gone", f"{VIEW}&state=open&state=<b>", f"{VIEW}&severity=S5",
    f"{VIEW}&severity=s1", f"{VIEW}&organisation=1", f"{VIEW}&facility=../..",
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
@BOTH
def test_a_question_that_is_none_is_not_found(signed_in: SignIn, path: str, query: str) -> None:
    _refused(signed_in("supervisor"), f"{path}?{query}")


@pytest.mark.parametrize("query", WRONG_FINDINGS)
def test_a_filter_that_is_none_is_not_found(signed_in: SignIn, query: str) -> None:
    client = signed_in("supervisor")
    _refused(client, f"/map/findings?{query}")
    assert client.get(f"/map/?{query}").status_code == 302


def test_a_register_state_that_is_none_is_not_found(signed_in: SignIn) -> None:
    client = signed_in("supervisor")
    _refused(client, f"/map/facilities?{VIEW}&review=lost")
    assert client.get("/map/?show=facilities&review=lost").location == "/map/?show=facilities"
    assert client.get("/map/?show=everything").location == "/map/"


def _refused(client: CarefulClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["detail"].startswith("没有找到这一页")
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "没有找到" in page.get_data(as_text=True)


HOSTILE = [
    "'; DROP TABLE finding; --", '" OR ""="', "%", "_", "\\", "%_%", "{{ 7*7 }}", "${7*7}",
    "<script>alert(1)</script>", "</script>", "a\u202e\u2066b", "𠮷" * 100, "a" * 5000,
    "\r\nSet-Cookie: x=1", "ß İ ı", "😀", "🧑‍🦽",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@BOTH
def test_a_hostile_word_finds_what_holds_it_and_nothing_else(
    make: Factory, signed_in: SignIn, path: str, text: str
) -> None:
    make.finding()
    kept = one_line(text[:100])
    client = signed_in("supervisor")
    query = urlencode({"q": text, "bbox": "104.3,29.7,105.8,30.7", "z": "9"})
    assert client.get(f"{path}?{query}").get_json()["total"] == 0
    make.inspection(make.toilet(name=f"厕 {kept}"), make.actor("supervisor"), _narrow())
    assert client.get(f"{path}?{query}").get_json()["total"] == 1
    assert client.get(f"{path}?{VIEW}").get_json()["total"] == 2


def _narrow() -> dict[str, object]:
    return {
        "wc-provision": Answer.of(("male_stall", "female_stall")),
        "wc-stall-width": Answer.of(1400),
    }


@BOTH
def test_control_characters_and_double_parameters_do_no_harm(
    make: Factory, signed_in: SignIn, path: str
) -> None:
    make.finding()
    client = signed_in("supervisor")
    assert client.get(f"{path}?{VIEW}&q=%00").status_code == 400
    assert client.get(f"{path}?{VIEW}&q=%FF%FE").status_code == 200
    assert client.get(f"{path}?{VIEW}&bbox=1,2,3,4&z=99").get_json()["total"] == 1
    assert client.get(f"{path}?{VIEW}&mode=everything&page=-5&page=x").get_json()["total"] == 1
    assert client.get(f"{path}?{VIEW}&district={'5' * 3000}").get_json()["total"] == 0


@BOTH
def test_only_who_may_see_the_map_is_answered(
    client: CarefulClient, signed_in: SignIn, path: str
) -> None:
    asked = {"Accept": "application/json"}
    assert client.get(f"{path}?{VIEW}", headers=asked).status_code == 401
    assert signed_in("organisation").get(f"{path}?{VIEW}", headers=asked).status_code == 403
    assert signed_in("auditor").get(f"{path}?{VIEW}", headers=asked).status_code == 403
    assert client.post(f"{path}?{VIEW}").status_code in (400, 405)


# --- the page ---


def test_the_page_lists_what_the_map_counts(land: Land, signed_in: SignIn) -> None:
    client = signed_in("coordinator", district=None)
    for query in (
        "",
        "&state=open",
        f"&district={ANYUE}",
        "&severity=S1&severity=S2",
        "&kind=road",
    ):
        total = client.get(f"/map/findings?{VIEW}{query}").get_json()["total"]
        page = client.get(f"/map/?{query.removeprefix('&')}").get_data(as_text=True)
        assert f"地图和列表共 {total} 个问题。" in page
        assert page.count('class="row"') == min(total, 6)
        assert f"打开完整列表（{total} 条）" in page


def test_the_other_list_works_without_javascript(land: Land, signed_in: SignIn) -> None:
    client = signed_in("supervisor", district=YANJIANG)
    total = client.get(f"/map/facilities?{VIEW}").get_json()["total"]
    page = client.get("/map/?show=facilities").get_data(as_text=True)
    assert f"地图和列表共 {total} 处设施。" in page
    assert page.count('class="row"') == min(total, 6)
    assert 'aria-current="page">设施' in page
    assert "显示地图需要 JavaScript" in page


def test_the_two_maps_keep_the_filters_that_both_understand(land: Land, signed_in: SignIn) -> None:
    client = signed_in("supervisor")
    page = client.get("/map/?kind=toilet&severity=S1&q=甲").get_data(as_text=True)
    assert 'href="/map/?show=facilities&amp;kind=toilet&amp;q=%E7%94%B2"' in page
    assert "公共厕所" in page and "含“甲”" in page
    page = client.get("/map/?show=facilities&kind=road&review=accepted").get_data(as_text=True)
    assert 'href="/map/?kind=road"' in page
    assert 'name="show" value="facilities"' in page
    assert '"endpoint": "/map/facilities?kind=road\\u0026review=accepted"' in page


def test_websites_are_said_to_be_elsewhere(make: Factory, app: Flask, signed_in: SignIn) -> None:
    make.finding()
    make.facility(FacilityKind.WEBSITE, name="门户网站")
    page = signed_in("supervisor").get("/map/?show=facilities").get_data(as_text=True)
    assert "共 1 处" in page
    assert "网站、车辆等没有地点，另有 1 个" in page
    assert "打开完整列表（2 条）" in page


@pytest.mark.parametrize("show", ["", "?show=facilities"])
def test_the_page_passes_in_both_languages(land: Land, signed_in: SignIn, show: str) -> None:
    client = signed_in("supervisor")
    assert client.get(f"/map/{show}").status_code == 200
    client.set_cookie("language", "en")
    assert client.get(f"/map/{show}").status_code == 200


def test_an_empty_map_says_what_to_do(signed_in: SignIn) -> None:
    client = signed_in("supervisor")
    assert "没有符合条件的问题" in client.get("/map/").get_data(as_text=True)
    assert "没有符合条件的设施" in client.get("/map/?show=facilities").get_data(as_text=True)


def test_the_form_of_a_new_place_shows_a_picker_of_the_persons_district(
    signed_in: SignIn,
) -> None:
    page = signed_in("supervisor", district=ANYUE).get("/facilities/new/toilet")
    text = page.get_data(as_text=True)
    assert '"known": "/map/facilities"' in text
    assert '"512021": [[29.673533, 104.948031], [30.312564, 105.739304]]' in text
    assert '"bounds":[[29.673533,104.948031,],[30.312564,105.739304,],]' in _without_spaces(text)


def test_correcting_a_place_in_its_form_moves_its_findings(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    number = make.finding()
    with app.app_context():
        facility = db.session.scalars(
            db.select(Finding.facility_id).where(Finding.number == number)
        ).one()
    client = signed_in("coordinator", district=None)
    around = "bbox=105.33,30.09,105.35,30.11&z=15"
    assert client.get(f"/map/findings?{around}").get_json()["total"] == 0
    form = {"name": "安岳的公厕", "district": ANYUE, "lon": "105.34", "lat": "30.1"}
    answer = client.send(f"/facilities/{facility}/edit", form)
    assert answer.status_code == 303
    assert client.get(f"/map/findings?{around}").get_json()["total"] == 1
    assert client.get(f"/map/findings?{VIEW}&district={YANJIANG}").get_json()["total"] == 0
    local = signed_in("supervisor", district=ANYUE)
    assert local.get(f"/map/findings?{VIEW}").get_json()["items"][0]["id"] == number


def test_a_link_to_one_facility_begins_at_its_place(make: Factory, signed_in: SignIn) -> None:
    place = make.toilet(lon=104.7, lat=30.2)
    page = signed_in("supervisor").get(f"/map/?facility={place}").get_data(as_text=True)
    assert "只看一处设施" in page
    assert '"start":[[30.1977' in _without_spaces(page)
    strange = signed_in("supervisor", district=ANYUE).get(f"/map/?facility={place}")
    text = _without_spaces(strange.get_data(as_text=True))
    assert '"start":[[29.673533,104.948031,],' in text


def _without_spaces(page: str) -> str:
    return "".join(page.split())
