"""The server: patient with slow clients, but not for ever, and polite at its end."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from flask import Flask

from audit import serving
from audit.core.settings import load_settings
from tests.conftest import settings_for
from tests.processes import PATIENCE_S, eventually
from tests.served import served

pytestmark = pytest.mark.own_app


def asked(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def unfinished_upload(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    client.sendall(b"POST /account/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nhalf")
    return client


def test_uploads_that_take_their_time_leave_the_server_free(app: Flask) -> None:
    with served(app) as (port, _), contextlib.ExitStack() as phones:
        for _ in range(60):  # thirty for each of the server's threads
            phones.enter_context(unfinished_upload(port))
        assert asked(port, "/healthz").status == 200


def test_an_upload_that_never_ends_is_cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "BODY_SECONDS", 0)
    monkeypatch.setattr(serving, "LOOK_EVERY_SECONDS", 1)
    with served(app) as (port, _), unfinished_upload(port) as client:
        assert client.recv(100) == b""
        assert asked(port, "/healthz").status == 200


def test_a_header_that_never_ends_is_cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEADERS_SECONDS", 0)
    monkeypatch.setattr(serving, "LOOK_EVERY_SECONDS", 1)
    with (
        served(app) as (port, _),
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        assert client.recv(100) == b""


def test_a_body_of_more_than_200_mb_is_refused_unread(app: Flask) -> None:
    with (
        served(app) as (port, _),
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000001\r\n\r\n")
        assert b" 413 " in client.recv(1000)


@pytest.mark.parametrize(("behind_proxy", "believed"), [(False, False), (True, True)])
def test_forwarded_headers_are_believed_from_a_proxy_only(
    tmp_path: Path, app: Flask, behind_proxy: bool, believed: bool
) -> None:
    settings = settings_for(tmp_path / "var").model_copy(update={"behind_proxy": behind_proxy})
    with served(serving.create_app(settings)) as (port, _):
        answer = asked(port, "/healthz", X_Forwarded_Proto="https")
        assert (answer.getheader("Strict-Transport-Security") is not None) is believed


def test_the_server_names_no_program(app: Flask) -> None:
    with served(app) as (port, _):
        assert asked(port, "/healthz").getheader("Server") is None


def test_a_request_under_way_is_finished_before_the_end(app: Flask) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def middle(environ: object, start_response: Callable[..., object]) -> list[bytes]:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"done"]

    app.wsgi_app = middle  # type: ignore[method-assign,assignment]
    with served(app) as (port, stopping):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", "/")
        assert begun.wait(PATIENCE_S)
        stopping.set()
        eventually(lambda: not accepts(port))
        go_on.set()
        assert connection.getresponse().read() == b"done"
        connection.close()


def accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_a_port_in_use_is_named_before_anything_is_made_ready(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANTU_VAR_DIR", str(tmp_path / "other"))
    load_settings.cache_clear()
    made: list[Flask] = []
    with served(app) as (port, _), pytest.raises(click.ClickException, match=f":{port}"):
        serving.serve("127.0.0.1", port, 1, False, made.append)
    load_settings.cache_clear()
    assert made == []
