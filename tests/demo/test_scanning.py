"""The sample website is really scanned, and what is found goes its first steps."""

import socket

import pytest
from flask import Flask
from sqlalchemy import select

from audit.core.db import db
from audit.core.settings import settings
from audit.demo import scanning
from audit.demo.city import build_city
from audit.demo.site import HOST, PORT
from audit.demo.telling import City
from audit.findings.models import Finding
from audit.findings.rules import Source, State
from audit.journal.queries import first_broken_link
from audit.queue.models import JobRun, RunState
from audit.webscan.models import Scan, ScanState


@pytest.mark.browser
def test_a_scan_finds_the_known_faults_and_some_are_dispatched(app: Flask) -> None:
    said: list[str] = []
    with app.app_context():
        allowed = settings().scan_allow
        city = build_city(1, said.append, small=True)
        scanning.scan_sample_site(city, said.append)
        scan = db.session.scalars(select(Scan)).one()
        assert scan.state is ScanState.DONE, scan.error
        assert len(scan.pages) == scanning.PAGES
        found = db.session.scalars(select(Finding).where(Finding.source == Source.SCAN)).all()
        rules = {finding.rule_id for finding in found}
        assert {"axe:image-alt", "axe:color-contrast", "axe:html-has-lang", "axe:label"} <= rules
        states = [finding.state for finding in found]
        assert states.count(State.DISPATCHED) == scanning.DISPATCHED
        assert states.count(State.CONFIRMED) == scanning.CONFIRMED - scanning.DISPATCHED
        assert db.session.scalars(select(JobRun.state)).all() == [RunState.DONE]
        assert first_broken_link() is None
        assert settings().scan_allow == allowed, "the door is shut again"


def test_a_taken_port_is_said_and_nothing_is_requested(app: Flask) -> None:
    said: list[str] = []
    with socket.socket() as other, app.app_context():
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((HOST, PORT))
        other.listen()
        scanning.scan_sample_site(City(1, {}), said.append)
        assert db.session.scalars(select(Scan)).all() == []
    assert str(PORT) in said[-1]


def test_without_a_browser_that_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    said: list[str] = []
    with app.app_context():
        scanning.scan_sample_site(City(1, {}), said.append)
        assert db.session.scalars(select(Scan)).all() == []
    assert "Chromium" in said[-1]
