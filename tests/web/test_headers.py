"""Headers on every status; a nonce of its own for every answer."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.web.access import public
from audit.web.security import HEADERS, POLICY, allow_tiles
from tests.careful import CarefulClient, check_headers

SignIn = Callable[..., CarefulClient]


def parts(policy: str) -> dict[str, str]:
    split = [part.strip().split(" ", 1) for part in policy.split(";")]
    return dict(split)


@pytest.mark.own_app
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("OPTIONS", "/", 200),
        ("GET", "/findings/", 303),
        ("GET", "/facilities", 308),
        ("POST", "/preferences", 400),
        ("GET", "/nothing", 404),
        ("PUT", "/", 405),
        ("GET", "/planted", 500),
    ],
)
def test_every_status_carries_every_header(app: Flask, method: str, path: str, status: int) -> None:
    def planted() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/planted", "planted", public(planted))
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == status
    check_headers(answer)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert parts(answer.headers["Content-Security-Policy"]).keys() == POLICY.keys()
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_runs_but_our_own(client: CarefulClient) -> None:
    policy = parts(client.get("/").headers["Content-Security-Policy"])
    assert policy["default-src"] == policy["style-src-attr"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == policy["connect-src"] == "'self'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]{24}'", policy["script-src"])
    assert "*" not in "".join(policy.values()) and "http" not in "".join(policy.values())


def test_each_answer_has_a_nonce_of_its_own(client: CarefulClient) -> None:
    nonces = {
        parts(client.get("/help").headers["Content-Security-Policy"])["script-src"]
        for _ in range(3)
    }
    assert len(nonces) == 3


@pytest.mark.own_app
def test_tiles_are_let_in_for_one_answer_only(app: Flask) -> None:
    def with_tiles() -> dict[str, str]:
        allow_tiles(["https://tiles.example"])
        return {}

    app.add_url_rule("/with-tiles", "with_tiles", public(with_tiles))
    client = app.test_client()
    first = parts(client.get("/with-tiles").headers["Content-Security-Policy"])
    assert first["img-src"] == "'self' data: blob: https://tiles.example"
    assert "tiles.example" not in client.get("/").headers["Content-Security-Policy"]


def test_browsers_are_told_to_stay_with_https_where_it_is_used(client: CarefulClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", base_url="https://localhost/")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_cookies_are_closed_to_scripts_and_other_sites(client: CarefulClient) -> None:
    client.get("/language/en", base_url="https://localhost/")
    client.token("/account/login")
    language = client.get_cookie("language")
    assert language is not None
    assert language.http_only and language.same_site == "Lax" and language.secure
    session = client.get_cookie("tantu")
    assert session is not None
    assert session.http_only and session.same_site == "Lax"
    assert session.expires is None, "gone when the browser is closed"


def test_the_session_cookie_needs_https_where_the_site_has_it(app: Flask) -> None:
    from audit.app import create_app

    settings = app.config["SETTINGS"].model_copy(update={"public_url": "https://tantu.example"})
    assert create_app(settings).config["SESSION_COOKIE_SECURE"] is True
    assert app.config["SESSION_COOKIE_SECURE"] is False


@pytest.mark.parametrize("trusted", [True, False])
def test_a_proxy_is_believed_only_where_there_is_one(app: Flask, trusted: bool) -> None:
    from audit.app import create_app

    chosen = app.config["SETTINGS"].model_copy(update={"behind_proxy": trusted})
    answer = create_app(chosen).test_client().get("/", headers={"X-Forwarded-Proto": "https"})
    assert ("Strict-Transport-Security" in answer.headers) is trusted


def test_static_files_are_kept_for_ever_under_an_address_of_their_content(
    client: CarefulClient,
) -> None:
    html = client.get("/").get_data(as_text=True)
    found = re.search(r'href="(/static/[0-9a-f]{12}/css/base\.css)"', html)
    assert found
    answer = client.get(found[1])
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    for outside in ("/static/../run.py", "/static/%2e%2e/run.py", found[1][:-12] + "../../run.py"):
        assert client.get(outside).status_code == 404
