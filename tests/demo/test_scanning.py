"""The sample website is really scanned, and what is found goes its first steps."""

import socket
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from audit.core.db import db, transaction
from audit.core.settings import settings
from audit.demo import scanning
from audit.demo.city import build_city
from audit.demo.placing import draft_of
from audit.demo.site import HOST
from audit.demo.telling import City
from audit.facilities.models import Facility
from audit.findings.models import Finding
from audit.findings.rules import Source, State
from audit.journal.queries import first_broken_link
from audit.queue.models import JobRun, RunState
from audit.register.actions import edit
from audit.webscan.actions import JOB
from audit.webscan.models import Scan, ScanState
from tests.processes import free_port


def city_with_site_at(port: int) -> City:
    """The register names a port that no other test run uses."""
    city = build_city(1, lambda _line: None, small=True)
    with transaction():
        site = db.session.get_one(Facility, city.facilities[scanning.SITE])
        draft = draft_of(city.places[scanning.SITE], site.organisation_id)
        moved = replace(draft, url=f"http://{HOST}:{port}/")
        edit(site, moved, city.actors["demo-coordinator1"])
    return city


def scans() -> list[Scan]:
    return list(db.session.scalars(select(Scan)).all())


@pytest.mark.browser
def test_a_scan_finds_the_known_faults_and_some_are_dispatched(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    port = free_port()
    with socket.create_server((HOST, port)), app.app_context():
        city = city_with_site_at(port)
        scanning.scan_sample_site(city, said.append)
        assert scans() == [] and str(port) in said[-1], "the port is taken"
    with app.app_context():
        with monkeypatch.context() as nowhere:
            nowhere.setenv("PATH", "/nowhere")
            scanning.scan_sample_site(city, said.append)
            assert scans() == [] and "Chromium" in said[-1], "there is no browser"
        allowed = settings().scan_allow
        scanning.scan_sample_site(city, said.append)
        assert settings().scan_allow == allowed, "the door is shut again"
        _check_what_was_found()


def _check_what_was_found() -> None:
    [scan] = scans()
    assert scan.state is ScanState.DONE, scan.error
    assert len(scan.pages) == scanning.PAGES
    found = db.session.scalars(select(Finding).where(Finding.source == Source.SCAN)).all()
    rules = {finding.rule_id for finding in found}
    assert {"axe:image-alt", "axe:color-contrast", "axe:html-has-lang", "axe:label"} <= rules
    states = [finding.state for finding in found]
    assert states.count(State.DISPATCHED) == scanning.DISPATCHED
    assert states.count(State.CONFIRMED) == scanning.CONFIRMED - scanning.DISPATCHED
    assert db.session.scalars(select(JobRun.state).where(JobRun.job == JOB)).all() == [
        RunState.DONE
    ]
    assert first_broken_link() is None
