"""HTTPS from here: what reaches waitress, who is seen to ask, and how it ends."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask, request
from pydantic import ValidationError

from audit import serving
from audit.core.settings import Settings
from audit.serving.certificate import Trial, trial_certificate
from audit.serving.tls import tls_context
from tests.conftest import settings_for
from tests.processes import PATIENCE_S
from tests.served import served

pytestmark = pytest.mark.own_app


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return trial_certificate(tmp_path_factory.mktemp("tls") / "tls", "127.0.0.1")


def secured(folder: Path, trial: Trial, **more: object) -> Flask:
    told = {"tls_certificate": str(trial.certificate), "tls_key": str(trial.key), **more}
    return serving.create_app(settings_for(folder / "var").model_copy(update=told))


@contextlib.contextmanager
def connection(port: int, trial: Trial) -> Iterator[http.client.HTTPSConnection]:
    trust = ssl.create_default_context(cafile=str(trial.authority))
    made = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_S, context=trust)
    yield made
    made.close()


def asked(port: int, trial: Trial, path: str = "/healthz") -> http.client.HTTPResponse:
    with connection(port, trial) as made:
        made.request("GET", path)
        answer = made.getresponse()
        answer.read()
        return answer


def test_the_trial_certificate_is_believed_by_whoever_trusts_its_authority(
    app: Flask, tmp_path: Path, trial: Trial
) -> None:
    secure = secured(tmp_path, trial)
    with served(secure) as (port, _):
        answer = asked(port, trial)
        assert answer.status == 200
        assert answer.getheader("Strict-Transport-Security") == "max-age=31536000"
    assert secure.config["SESSION_COOKIE_SECURE"]


def test_a_trial_binds_no_browser_to_https(app: Flask, tmp_path: Path, trial: Trial) -> None:
    with served(secured(tmp_path, trial, hsts=False)) as (port, _):
        assert asked(port, trial).getheader("Strict-Transport-Security") is None


def test_large_bodies_come_and_go_whole_and_the_asker_is_known(
    app: Flask, tmp_path: Path, trial: Trial
) -> None:
    secure, size = secured(tmp_path, trial), 3_000_000

    def echo(environ: dict[str, object], start_response: object) -> list[bytes]:
        with secure.request_context(environ):
            body, told = request.get_data(), f"{request.scheme} {request.remote_addr}"
        start_response("200 OK", [("Content-Length", str(len(body))), ("X-Told", told)])  # type: ignore[operator]
        return [body]

    secure.wsgi_app = echo  # type: ignore[method-assign,assignment]
    sent = bytes(range(256)) * (size // 256)
    with served(secure) as (port, _), connection(port, trial) as made:
        for _time in range(2):  # the same connection again
            made.request("POST", "/", body=sent)
            answer = made.getresponse()
            assert answer.getheader("X-Told") == "https 127.0.0.1"
            assert answer.read() == sent


def test_who_speaks_no_tls_is_shut_out_and_hinders_nobody(
    app: Flask, tmp_path: Path, trial: Trial
) -> None:
    with served(secured(tmp_path, trial)) as (port, _):
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                assert b"200 OK" not in plain.recv(1000)
        assert asked(port, trial).status == 200
        for one in silent:
            one.close()


def test_an_answer_under_way_is_sent_before_the_end(
    app: Flask, tmp_path: Path, trial: Trial
) -> None:
    secure, begun = secured(tmp_path, trial), threading.Event()

    def slow(_environ: object, start_response: object) -> list[bytes]:
        begun.set()
        start_response("200 OK", [("Content-Length", "900000")])  # type: ignore[operator]
        return [b"x" * 900_000]

    secure.wsgi_app = slow  # type: ignore[method-assign,assignment]
    with served(secure) as (port, stopping), connection(port, trial) as made:
        made.request("GET", "/")
        assert begun.wait(PATIENCE_S)
        stopping.set()
        assert len(made.getresponse().read()) == 900_000


def test_the_trial_authority_may_vouch_for_this_machine_alone(trial: Trial) -> None:
    told = ssl._ssl._test_decode_cert(str(trial.certificate))  # type: ignore[attr-defined]
    assert ("IP Address", "127.0.0.1") in told["subjectAltName"]
    assert b"BEGIN" not in b"".join(
        path.read_bytes() for path in trial.key.parent.rglob("*ca*.key")
    ), "the key of the authority is kept"
    assert trial.key.stat().st_mode & 0o077 == 0


def test_it_is_made_once_and_anew_for_other_addresses(tmp_path: Path) -> None:
    first = trial_certificate(tmp_path / "tls", "127.0.0.1").certificate.read_bytes()
    again = trial_certificate(tmp_path / "tls", "127.0.0.1").certificate.read_bytes()
    other = trial_certificate(tmp_path / "tls", "127.0.0.2").certificate.read_bytes()
    assert first == again != other


def test_files_that_are_no_certificate_are_named(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match=r"no\.pem"):
        tls_context(str(tmp_path / "no.pem"), str(tmp_path / "no.key"))


def test_a_certificate_without_its_key_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="TANTU_TLS_KEY"):
        Settings(tls_certificate="/srv/tantu.pem")
