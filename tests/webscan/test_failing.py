"""A scan that saw nothing, or came to nothing, says so and decides nothing."""

from html import unescape
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.language import COOKIE
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.rules import State
from audit.journal.models import JournalEntry
from audit.queue import runs
from audit.queue.models import JobRun, RunState
from audit.queue.runs import MAX_ATTEMPTS, claim, do, sweep
from audit.webscan import queries
from audit.webscan.actions import request_scan
from audit.webscan.models import Scan, ScanState
from audit.webscan.rules.failures import ScanFailure
from audit.webscan.rules.outcomes import Outcome
from tests.factories import Factory
from tests.queue.test_runs import after

from .test_following import SignIn, findings, page, rule, scan

UNSEEN = [one for one in Outcome if not one.is_scanned]


def of(scan_id: UUID) -> Scan:
    return db.session.get_one(Scan, scan_id, populate_existing=True)


@pytest.mark.parametrize("outcome", UNSEEN)
def test_a_scan_that_saw_no_page_has_failed_with_the_reason_and_what_to_do(
    app: Flask, make: Factory, signed_in: SignIn, outcome: Outcome
) -> None:
    site = make.facility(FacilityKind.WEBSITE, name="示例网站")
    scan(app, make, site, page("http://a/", rule("image-alt")))
    blind = scan(app, make, site, page("http://a/", outcome=outcome))
    with app.app_context():
        assert (of(blind).state, of(blind).failure) == (ScanState.FAILED, ScanFailure.NOTHING_SEEN)
        why = db.session.scalars(
            db.select(JournalEntry.why).where(JournalEntry.verb == "fail")
        ).one()
        assert why == "nothing_seen"
    assert findings(app) == {"axe:image-alt": State.REPORTED}, "nothing is closed"
    browser = signed_in("coordinator")
    for language in ("zh", "en"):
        browser.set_cookie(COOKIE, language)
        text = unescape(browser.get(f"/scans/{blind}").get_data(as_text=True))
        assert outcome.reason.in_(language) in text and outcome.advice.in_(language) in text
        listed = unescape(browser.get("/scans/").get_data(as_text=True))
        assert outcome.reason.in_(language) in listed
    assert "Site not seen" in listed and "Site not seen" in text


def test_a_scan_that_missed_some_pages_is_not_called_complete(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    half = scan(app, make, site, page("http://a/"), page("http://a/2", outcome=Outcome.HTTP_ERROR))
    browser = signed_in("coordinator")
    for where in (f"/scans/{half}", "/scans/", f"/facilities/{site}"):
        text = browser.get(where).get_data(as_text=True)
        assert "已完成，部分页面没能扫描" in text


def test_a_blind_scan_is_nothing_to_compare_with(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    scan(app, make, site, page("http://a/", rule("image-alt")))
    scan(app, make, site, page("http://a/", outcome=Outcome.NETWORK_ERROR))
    again = scan(app, make, site, page("http://a/"))
    with app.app_context():
        assert queries.changes_of(of(again)) == {"image-alt": "fixed"}
    assert findings(app) == {"axe:image-alt": State.CLOSED}


@pytest.fixture
def promised(app: Flask, make: Factory) -> tuple[UUID, UUID]:
    """A scan that waits, and its run."""
    site, actor = make.facility(FacilityKind.WEBSITE), make.actor("coordinator")
    with app.app_context(), transaction():
        scan_id = request_scan(db.session.get_one(Facility, site), actor).id
        return scan_id, db.session.scalars(db.select(JobRun.id)).one()


def test_a_scan_whose_run_fails_for_good_has_failed_with_the_reason(
    app: Flask,
    promised: tuple[UUID, UUID],
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scan_id, run_id = promised

    def broken(*_arguments: object) -> None:
        raise OSError("no room on the disk")

    monkeypatch.setattr("audit.webscan.jobs._scan_pages", broken)
    with app.app_context():
        for _ in range(MAX_ATTEMPTS):
            assert of(scan_id).is_under_way
            db.session.rollback()
            do(str(run_id))
        failed = of(scan_id)
        assert (failed.state, failed.failure) == (ScanState.FAILED, ScanFailure.GAVE_UP)
        assert failed.error == "OSError: no room on the disk"
        assert failed.finished_at is not None
        assert queries.find_unfinished(failed.facility_id) is None, "another scan may be asked for"
    text = signed_in("coordinator").get(f"/scans/{scan_id}").get_data(as_text=True)
    assert "没有完成" in text and "no room on the disk" in text and "重新扫描" in text


def test_a_scan_whose_workers_die_has_failed_too(app: Flask, promised: tuple[UUID, UUID]) -> None:
    scan_id, run_id = promised
    with app.app_context():
        for attempt in range(MAX_ATTEMPTS):
            with after(61 * attempt):
                assert claim(run_id) is not None
        with after(61 * MAX_ATTEMPTS):
            assert sweep() == []
        assert (of(scan_id).failure, of(scan_id).error) == (ScanFailure.GAVE_UP, "its worker died")


def test_a_scan_that_is_done_is_not_failed_by_a_late_run(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    done = scan(app, make, site, page("http://a/"))
    with app.app_context():
        with transaction():
            runs._given_up["scan_website"]("its worker died", scan_id=str(done))
        assert of(done).state is ScanState.DONE
        assert db.session.scalars(db.select(JobRun.state)).all() == [RunState.QUEUED]


def test_without_a_browser_a_scan_fails_at_once_and_says_what_to_install(
    app: Flask,
    promised: tuple[UUID, UUID],
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scan_id, run_id = promised
    monkeypatch.setenv("PATH", "/nowhere")
    with app.app_context():
        do(str(run_id))
        assert of(scan_id).failure is ScanFailure.NO_BROWSER
    text = signed_in("coordinator").get(f"/scans/{scan_id}").get_data(as_text=True)
    assert "扫描用的浏览器没有启动" in text and "apt-get install chromium" in text
