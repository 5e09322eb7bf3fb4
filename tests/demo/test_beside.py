"""A demonstration serves its sample website, and opens that one address to the scanner."""

import os
import socket
import urllib.request

import pytest

from audit.demo.beside import ALLOW, sample_site
from audit.demo.site import HOST
from tests.processes import free_port


@pytest.mark.parametrize("before", [None, "10.0.0.9"])
def test_it_answers_and_may_be_scanned_while_the_server_runs(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.delenv(ALLOW, raising=False)
    if before:
        monkeypatch.setenv(ALLOW, before)
    port, said = free_port(), []
    with sample_site(port, before or "", said.append):
        with urllib.request.urlopen(f"http://{HOST}:{port}/") as answer:
            assert b"<html" in answer.read()
        assert os.environ[ALLOW].split(",") == [*filter(None, [before]), f"{HOST}:{port}"]
    assert os.environ.get(ALLOW) == before
    assert len(said) == 1


def test_where_the_port_is_anothers_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW, raising=False)
    port, said = free_port(), []
    with socket.create_server((HOST, port)), sample_site(port, "", said.append):
        assert ALLOW not in os.environ
    assert str(port) in said[0]
