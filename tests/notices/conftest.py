"""Mail and short messages go to servers of the test's own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from audit.core.settings import Settings
from tests.notices.fakes import Post, Site, http_server, mail_server


@pytest.fixture
def set_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Other settings of the server, for this test."""

    def change(**values: Any) -> None:
        held: Settings = app.config["SETTINGS"]
        monkeypatch.setitem(app.config, "SETTINGS", held.model_copy(update=values))

    return change


@pytest.fixture
def post(set_to: Callable[..., None]) -> Iterator[Post]:
    with mail_server() as post:
        set_to(
            smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none",
            mail_from="tantu@city.example", public_url="https://tantu.example",
        )  # fmt: skip
        yield post


@pytest.fixture
def gateway(set_to: Callable[..., None]) -> Iterator[Site]:
    with http_server() as site:
        set_to(sms_url=site.url, notice_allow=f"127.0.0.1:{site.port}")
        yield site
