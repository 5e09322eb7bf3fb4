"""Where a person is led after a form, in which language and theme; CSRF; access marks."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.core.actors import May
from audit.core.errors import NotAllowed
from audit.web.access import current_actor, needs, signed_in
from audit.web.pages import is_ours, safe_next
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]

OURS = [
    "/findings/", "/findings/?q=%E5%8E%95&state=open", "/facilities/new/toilet", "/map/#here",
    "/a//b", "/x?next=https://evil.example/", "/检查", "/@evil.example", "/.evil.example",
]  # fmt: skip
FOREIGN = [
    "", "https://evil.example", "http:evil.example", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example",
    " //evil.example", "/ /evil.example", "/\x00/evil.example", "/\x0b/evil.example",
    "/\x7f/evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "?x", "#x",
    "./x", "../x", "/" + "a" * 2000, "/x\\..\\evil", "/\u2028/evil.example", "/\u00a0/evil.example",
    "/\u200b/evil.example", "/\u202egnp.exe", "https:/evil.example", "/x\r\nSet-Cookie: a=b",
]  # fmt: skip
QUOTED = ["/%09/evil.example", "/%5Cevil.example", "/%2F/evil.example", "/%0a/evil.example"]


@pytest.mark.parametrize("target", OURS)
def test_our_own_pages_are_gone_on_to(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_next(target) == target


@pytest.mark.parametrize("target", FOREIGN, ids=ascii)
def test_anything_else_leads_home(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_next(target) == "/"
        assert safe_next(None) == "/"


@pytest.mark.parametrize("target", [*FOREIGN, *QUOTED], ids=ascii)
def test_no_address_leads_a_person_away(client: CarefulClient, target: str) -> None:
    """Asked in the address, decoded once by the server as browsers' addresses are."""
    answer = client.get("/language/en", query_string={"next": target})
    assert answer.status_code in {303, 400}
    place = answer.headers.get("Location", "/")
    assert is_ours(place), place
    raw = client.get(f"/language/en?next={target}" if target.isascii() else "/language/en")
    assert is_ours(raw.headers.get("Location", "/"))


def test_after_signing_in_a_person_is_where_they_wanted_to_be(
    client: CarefulClient, make: Factory
) -> None:
    person = make.person("supervisor")
    sent = client.get("/findings/?state=open")
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).get_data(as_text=True)
    assert 'name="next" value="/findings/?state=open"' in page
    answer = client.send(
        "/account/login",
        {"login": person.login, "password": person.password, "next": "/findings/?state=open"},
    )
    assert answer.headers["Location"] == "/findings/?state=open"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_after_signing_in_nobody_is_led_away(
    client: CarefulClient, make: Factory, target: str
) -> None:
    person = make.person("supervisor")
    answer = client.send(
        "/account/login", {"login": person.login, "password": person.password, "next": target}
    )
    assert answer.headers["Location"] == "/"


def test_the_language_is_remembered(client: CarefulClient) -> None:
    assert '<html lang="zh-CN"' in client.get("/help").get_data(as_text=True)
    answer = client.get("/language/en?next=/help")
    assert answer.headers["Location"] == "/help"
    assert '<html lang="en"' in client.get("/help").get_data(as_text=True)
    client.get("/language/zh")
    assert '<html lang="zh-CN"' in client.get("/help").get_data(as_text=True)
    assert client.get("/language/fr").status_code == 404


@pytest.mark.parametrize("value", ["fr", "en; Path=/", "../../etc", "", "EN"])
def test_a_cookie_that_was_tampered_with_means_the_default(
    client: CarefulClient, value: str
) -> None:
    for name in ("language", "theme", "text"):
        client.set_cookie(name, value)
    html = client.get("/help").get_data(as_text=True)
    assert '<html lang="zh-CN" data-theme="auto" data-text="normal">' in html


def test_theme_and_size_are_remembered_and_nothing_else(client: CarefulClient) -> None:
    client.send("/preferences", {"theme": "contrast", "text": "large", "next": "/help"}, "/help")
    html = client.get("/help").get_data(as_text=True)
    assert 'data-theme="contrast" data-text="large"' in html
    client.send("/preferences", {"theme": "<script>", "text": "huge"}, "/help")
    html = client.get("/help").get_data(as_text=True)
    assert 'data-theme="contrast" data-text="large"' in html


def test_a_page_leads_back_to_itself_in_the_other_language(client: CarefulClient) -> None:
    html = client.get("/help?x=%22%3E%3Cscript%3E").get_data(as_text=True)
    found = re.search(r'href="(/language/en[^"]*)"', html)
    assert found
    answer = client.get(found[1].replace("&amp;", "&"))
    assert answer.headers["Location"] == "/help?x=%22%3E%3Cscript%3E"


def test_a_token_of_somebody_else_changes_nothing(signed_in: SignIn, make: Factory) -> None:
    number = make.finding()
    page = f"/findings/{number}"
    coordinator, other = signed_in("coordinator"), signed_in("coordinator")
    stolen = other.token(page)
    answer = coordinator.post(f"{page}/confirm", data={"csrf_token": stolen})
    assert answer.status_code == 400
    assert "安全标记已失效" in answer.get_data(as_text=True)
    assert "已填写的内容仍在上一页里" in answer.get_data(as_text=True)
    assert "待核实" in coordinator.get(page).get_data(as_text=True)
    assert coordinator.send(f"{page}/confirm", {}, page).status_code == 303


def test_json_and_plain_text_do_not_slip_past_the_token(signed_in: SignIn, make: Factory) -> None:
    number = make.finding()
    coordinator = signed_in("coordinator")
    for kind in ("application/json", "text/plain"):
        answer = coordinator.post(
            f"/findings/{number}/confirm", data='{"csrf_token": "x"}', content_type=kind
        )
        assert answer.status_code == 400


def test_over_https_a_post_must_come_from_our_own_page(signed_in: SignIn, make: Factory) -> None:
    number = make.finding()
    coordinator = signed_in("coordinator")
    page = f"/findings/{number}"
    token = coordinator.token(page)
    for referrer, status in (
        (None, 400),
        ("https://evil.example/", 400),
        (f"https://localhost{page}", 303),
    ):
        answer = coordinator.post(
            f"{page}/confirm", data={"csrf_token": token}, base_url="https://localhost/",
            headers={"Referer": referrer} if referrer else {},
        )  # fmt: skip
        assert answer.status_code == status, referrer


@pytest.mark.own_app
def test_a_mark_opens_a_view_to_those_who_may(app: Flask, signed_in: SignIn) -> None:
    app.add_url_rule("/marked", "marked", needs(May.DISPATCH, May.CONFIRM)(lambda: {}))
    app.add_url_rule("/anybody", "anybody", signed_in_view)
    for role, status in (
        ("coordinator", 200), ("department", 200), ("supervisor", 403), ("organisation", 403),
        ("security", 403),
    ):  # fmt: skip
        browser = signed_in(role)
        assert browser.get("/marked").status_code == status, role
        assert browser.get("/anybody").status_code == 200


@signed_in
def signed_in_view() -> dict[str, str]:
    return {"name": current_actor().name}


def test_without_a_person_there_is_no_actor(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(NotAllowed):
        current_actor()


def test_the_menu_shows_what_a_person_may_open(signed_in: SignIn) -> None:
    def menu(role: str) -> set[str]:
        html = signed_in(role).get("/").get_data(as_text=True)
        return set(re.findall(r'class="nav__link" href="([^"]+)"', html))

    read = {"/", "/facilities/", "/inspections/", "/findings/", "/map/", "/scans/", "/statistics/"}
    assert menu("planner") == menu("assessor") == read
    assert menu("supervisor") == menu("prosecutor") == read | {"/documents/"}
    assert menu("department") == read | {"/documents/"}
    assert menu("coordinator") == read | {"/documents/", "/organisations/", "/people/"}
    assert menu("administrator") == read | {"/organisations/", "/people/", "/settings/"}
    assert menu("organisation") == {"/", "/findings/", "/scans/", "/documents/", "/statistics/"}
    assert menu("security") == {"/", "/people/", "/settings/"}
    assert menu("auditor") == {"/", "/people/", "/settings/", "/statistics/"}


def test_healthz_answers_without_a_database(client: CarefulClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_a_browser_that_asks_for_an_icon_gets_it(client: CarefulClient) -> None:
    """Beside a page that names no icon, as a photo's, it asks at the old address."""
    answer = client.get("/favicon.ico")
    assert answer.status_code == 303
    with client.get(answer.location) as icon:
        assert icon.mimetype == "image/svg+xml"
