"""What goes wrong becomes a kind page, or JSON for a program; always with every header."""

import io
import logging
import re
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask, abort
from sqlalchemy.exc import IntegrityError, OperationalError

from audit.core import errors
from audit.core.db import Counter, db, transaction
from audit.web.access import public
from tests.careful import CarefulClient

SignIn = Callable[..., CarefulClient]


def unique(said: str) -> IntegrityError:
    return IntegrityError("insert", {}, sqlite3.IntegrityError(said))


RAISED: list[tuple[object, int, str]] = [
    (errors.NotFound(), 404, "没有找到这一页"),
    (errors.NotAllowed(), 403, "没有做这件事的权限"),
    (errors.NotAllowed("只有负责整改的单位可以报告。"), 403, "只有负责整改的单位可以报告。"),
    (errors.Conflict(), 409, "在您打开之后已经变化"),
    (errors.Busy(), 503, "系统正忙，您的内容没有保存"),
    (errors.DiskFull(), 507, "存储空间已满"),
    (errors.NotSignedIn(), 401, "登录已经过期"),
    (errors.Invalid({"name": "太长"}), 422, "有几处内容需要修改"),
    (errors.AuditError(), 400, "请求无法处理"),
    (unique("UNIQUE constraint failed: finding.number"), 409, "已经变化"),
    (unique('duplicate key value violates unique constraint "uq_x"'), 409, "已经变化"),
    (unique("FOREIGN KEY constraint failed"), 500, "系统出了错"),
    (OperationalError("x", {}, sqlite3.OperationalError("database is locked")), 503, "系统正忙"),
    (OperationalError("x", {}, sqlite3.OperationalError("disk is full")), 507, "空间已满"),
    (OperationalError("x", {}, sqlite3.OperationalError("no such table")), 500, "系统出了错"),
    (ZeroDivisionError("secret detail"), 500, "系统出了错"),
    (429, 429, "操作太频繁"),
    (413, 413, "发送的内容太大"),
    (418, 418, "请求无法处理"),
    (502, 502, "请求无法处理"),
]  # fmt: skip


@pytest.fixture
def failing(app: Flask) -> Callable[[object], CarefulClient]:
    """A browser before a site whose page `/fails` raises what it is given."""

    def plant(what: object) -> CarefulClient:
        def fails() -> str:
            if isinstance(what, BaseException):
                raise what
            abort(int(str(what)))

        app.add_url_rule("/fails", "fails", public(fails))
        client: CarefulClient = app.test_client()  # type: ignore[assignment]
        return client

    return plant


@pytest.mark.own_app
@pytest.mark.parametrize(("what", "status", "said"), RAISED, ids=lambda value: str(value)[:40])
def test_every_error_is_a_page_that_says_what_to_do(
    failing: Callable[[object], CarefulClient], what: object, status: int, said: str
) -> None:
    answer = failing(what).get("/fails")
    html = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert said in html
    assert "您可以这样做" in html
    assert "secret" not in html and "Traceback" not in html and "sqlite" not in html.lower()


@pytest.mark.own_app
@pytest.mark.parametrize(("what", "status", "said"), RAISED, ids=lambda value: str(value)[:40])
def test_a_program_gets_the_same_as_a_problem_document(
    failing: Callable[[object], CarefulClient], what: object, status: int, said: str
) -> None:
    answer = failing(what).get("/fails", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == status
    assert answer.json["title"] and said in answer.json["detail"]
    assert re.fullmatch(r"[0-9a-f]{12}", answer.json["request_id"])


@pytest.mark.own_app
def test_a_busy_system_says_when_to_come_back(
    failing: Callable[[object], CarefulClient],
) -> None:
    assert failing(errors.Busy()).get("/fails").headers["Retry-After"] == "5"


@pytest.mark.own_app
def test_the_number_on_the_page_stands_in_the_log(
    failing: Callable[[object], CarefulClient], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        html = failing(ZeroDivisionError("secret detail")).get("/fails").get_data(as_text=True)
    number = re.search(r"<code>([0-9a-f]{12})</code>", html)
    assert number and f"unexpected error in request {number[1]}" in caplog.text
    assert "secret detail" in caplog.text


@pytest.mark.own_app
def test_an_error_leaves_nothing_half_written(app: Flask) -> None:
    def fails() -> str:
        with transaction() as session:
            session.add(Counter(series="half", last=1))
            session.flush()
            raise errors.Conflict

    app.add_url_rule("/fails", "fails", public(fails))
    assert app.test_client().get("/fails").status_code == 409
    with app.app_context():
        assert db.session.get(Counter, "half") is None


@pytest.mark.parametrize(
    ("method", "path", "status", "zh"),
    [
        ("GET", "/nothing/here", 404, "没有找到这一页"),
        ("GET", "/findings/%00", 404, "没有找到这一页"),
        ("GET", "/findings/ZY-2026-1", 404, "没有找到这一页"),
        ("GET", "/facilities/not-a-number", 404, "没有找到这一页"),
        ("DELETE", "/findings/", 405, "不能这样打开"),
        ("POST", "/account/login", 400, "安全标记已失效"),
        ("GET", "/?q=%00", 400, "不能保存的控制字符"),
    ],
)
def test_an_error_speaks_the_chosen_language(
    client: CarefulClient, method: str, path: str, status: int, zh: str
) -> None:
    chinese = client.open(path, method=method)
    assert chinese.status_code == status
    assert zh in chinese.get_data(as_text=True)
    assert '<html lang="zh-CN"' in chinese.get_data(as_text=True)
    client.get("/language/en")
    english = client.open(path, method=method)
    assert english.status_code == status
    assert '<html lang="en"' in english.get_data(as_text=True)


def test_a_method_that_is_not_taken_is_told_which_are(client: CarefulClient) -> None:
    answer = client.delete("/findings/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        ("application/json", True),
        ("application/json, text/plain, */*", True),
        ("text/html;q=0.5, application/json", True),
        ("nonsense", False),
    ],
)
def test_a_page_is_given_unless_json_is_wanted(
    client: CarefulClient, accept: str, is_json: bool
) -> None:
    answer = client.get("/nothing", headers={"Accept": accept})
    assert answer.is_json is is_json


@pytest.mark.parametrize("host", ["evil.example", "[::1", "a b", "x" * 300])
def test_a_strange_host_name_moves_no_address(client: CarefulClient, host: str) -> None:
    answer = client.get("/findings/", headers={"Host": host})
    assert answer.status_code in {303, 400}
    assert host not in answer.headers.get("Location", "")


def test_a_form_with_too_many_parts_is_refused(client: CarefulClient) -> None:
    fields = {f"f{number}": "x" for number in range(4100)}
    answer = client.post("/preferences", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "发送的内容太大" in answer.get_data(as_text=True)


def test_a_field_that_is_too_long_is_refused(client: CarefulClient) -> None:
    answer = client.post("/preferences", data={"theme": "x" * 5_000_000})
    assert answer.status_code == 413


def test_an_announced_flood_is_refused_before_it_is_read(client: CarefulClient) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = client.post(
            "/preferences", data=b"x", content_type=kind,
            environ_overrides={"CONTENT_LENGTH": "300000000"},
        )  # fmt: skip
        assert answer.status_code == 413


def test_much_is_taken_only_in_parts_and_only_from_people_with_an_account(
    client: CarefulClient, signed_in: SignIn
) -> None:
    large = "x" * 5_000_000
    parts = {"csrf_token": "", "photo": (io.BytesIO(large.encode()), "x.jpg")}
    stranger = client.post("/preferences", data=parts, content_type="multipart/form-data")
    assert stranger.status_code == 413
    supervisor = signed_in("supervisor")
    answer = supervisor.send(
        "/preferences", {"theme": "dark", "photo": (io.BytesIO(large.encode()), "x.jpg")}, "/help"
    )
    assert answer.status_code == 303
    assert supervisor.post("/preferences", data={"theme": large}).status_code == 413
