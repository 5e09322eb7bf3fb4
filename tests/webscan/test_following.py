"""A website's scan: promised, done page by page; rules become findings, a rescan closes them."""

from collections.abc import Callable
from dataclasses import asdict, replace
from uuid import UUID

import pytest
from flask import Flask

from audit.core import clock
from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.core.language import COOKIE
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from audit.findings.rules import State
from audit.queue.models import JobRun
from audit.queue.runs import do
from audit.webscan import queries
from audit.webscan.actions import begin_scan, finish_scan, keep_page, request_scan
from audit.webscan.jobs import look_again
from audit.webscan.models import Scan, ScanResult, ScanState
from audit.webscan.rules.changes import Change
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.rechecks import WAIT
from audit.webscan.rules.results import Element, Engine, Impact, Kind, PageResult, RuleResult
from tests.browser.sites import Site
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]
MESSAGE = Text("元素没有 alt 属性", "Element does not have an alt attribute")
GOOD = "<!doctype html><html lang='zh-CN'><title>好</title><main><h1>好</h1><p>正文</p></main>"
BAD = GOOD.replace("<p>", "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><p>")


def rule(name: str, impact: Impact = Impact.CRITICAL) -> RuleResult:
    element = Element(("img",), "<img src=x>", impact, MESSAGE)
    return RuleResult(name, Kind.VIOLATION, impact, ("wcag2a", "wcag111"), (element,))


def page(url: str, *rules: RuleResult, outcome: Outcome = Outcome.SCANNED) -> PageResult:
    return PageResult(url, outcome, final_url=url, status=200, title="首页", results=rules)


def scan(app: Flask, make: Factory, site: UUID, *pages: PageResult) -> UUID:
    """A scan of a website that came out as these pages."""
    with app.app_context():
        coordinator = make.actor("coordinator")
        with transaction():
            made = request_scan(db.session.get_one(Facility, site), coordinator)
            begin_scan(made)
            for position, one in enumerate(pages, start=1):
                keep_page(made.id, position, one)
            scan_id = made.id
        with transaction():
            finish_scan(db.session.get_one(Scan, scan_id))
        return scan_id


def findings(app: Flask) -> dict[str, State]:
    with app.app_context():
        return {one.rule_id: one.state for one in db.session.scalars(db.select(Finding))}


def test_each_violated_rule_is_one_finding_however_many_pages(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE, name="示例网站")
    scan(
        app, make, site, page("http://a/", rule("image-alt")), page("http://a/2", rule("image-alt"))
    )
    assert findings(app) == {"axe:image-alt": State.REPORTED}


def test_a_rule_gone_from_every_page_closes_its_finding(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    scan(app, make, site, page("http://a/", rule("image-alt"), rule("label")))
    second = scan(app, make, site, page("http://a/", rule("label")))
    assert findings(app) == {"axe:image-alt": State.CLOSED, "axe:label": State.REPORTED}
    with app.app_context():
        changes = queries.changes_of(db.session.get_one(Scan, second))
    assert changes == {"image-alt": Change.FIXED, "label": Change.PERSISTING}


def test_a_page_that_could_not_be_scanned_proves_nothing(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    scan(app, make, site, page("http://a/"), page("http://a/2", rule("image-alt")))
    broken = page("http://a/2", outcome=Outcome.HTTP_ERROR)
    again = scan(app, make, site, page("http://a/"), broken)
    assert findings(app) == {"axe:image-alt": State.REPORTED}
    with app.app_context():
        changes = queries.changes_of(db.session.get_one(Scan, again))
    assert changes == {"image-alt": Change.NOT_RETESTED}


def test_a_fault_is_mended_only_where_its_rule_was_run_again(app: Flask, make: Factory) -> None:
    """Not where time ran out for it, where it became a question, or where a frame was closed."""
    site = make.facility(FacilityKind.WEBSITE)
    scan(app, make, site, page("http://a/", rule("color-contrast")))
    undecided = replace(rule("color-contrast"), kind=Kind.QUESTION)
    for again in (
        replace(page("http://a/"), left_out=("color-contrast",)),
        page("http://a/", undecided),
        replace(page("http://a/"), frames_missed=1),
    ):
        done = scan(app, make, site, again)
        assert findings(app) == {"axe:color-contrast": State.REPORTED}
    with app.app_context():
        changes = queries.changes_of(db.session.get_one(Scan, done))
        assert changes == {"color-contrast": Change.NOT_RETESTED}
    scan(app, make, site, page("http://a/"))
    assert findings(app) == {"axe:color-contrast": State.CLOSED}


def test_a_page_out_of_reach_for_a_while_does_not_keep_its_finding_open(
    app: Flask, make: Factory
) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    both = page("http://a/"), page("http://a/2", rule("image-alt"))
    scan(app, make, site, *both)
    scan(app, make, site, both[0], page("http://a/2", outcome=Outcome.HTTP_ERROR))
    scan(app, make, site, both[0])
    assert findings(app) == {"axe:image-alt": State.REPORTED}
    scan(app, make, site, both[0], page("http://a/2"))
    assert findings(app) == {"axe:image-alt": State.CLOSED}


def test_a_rescan_goes_to_the_pages_of_the_scan_before(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    first = scan(
        app, make, site, page("http://a/"), page("http://a/3", outcome=Outcome.HTTP_ERROR),
        page("http://a/2", rule("image-alt")),
    )  # fmt: skip
    again = scan(app, make, site, page("http://a/"))
    with app.app_context():
        assert queries.urls_to_revisit(db.session.get_one(Scan, first)) == []
        assert queries.urls_to_revisit(db.session.get_one(Scan, again)) == [
            "http://a/2", "http://a/",
        ]  # fmt: skip


def test_a_second_scan_waits_for_the_first(app: Flask, make: Factory) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    with app.app_context():
        actor = make.actor("coordinator")
        with transaction():
            request_scan(db.session.get_one(Facility, site), actor)
        with pytest.raises(Conflict), transaction():
            request_scan(db.session.get_one(Facility, site), actor)


def test_the_pages_of_a_scan_open_and_stay_within_the_district(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    site = make.facility(FacilityKind.WEBSITE, name="示例网站")
    done = scan(app, make, site, page("http://a/", rule("image-alt"), rule("unknown-rule")))
    mine, foreign = signed_in("coordinator"), signed_in("coordinator", district="512021")
    text = mine.get(f"/scans/{done}").get_data(as_text=True)
    assert "新出现" not in text, "the first scan has nothing to compare with"
    assert "怎么改" in text and "1.1.1" in text
    assert "示例网站" in mine.get("/scans/").get_data(as_text=True)
    assert foreign.get(f"/scans/{done}").status_code == 404
    assert "示例网站" not in foreign.get("/scans/").get_data(as_text=True)
    assert mine.get(f"/facilities/{site}").status_code == 200
    with app.app_context():
        number = db.session.scalars(
            db.select(Finding.number).where(Finding.rule_id == "axe:image-alt")
        ).one()
    where = f"/findings/{number}"
    assert MESSAGE.zh in mine.get(where).get_data(as_text=True)
    mine.set_cookie(COOKIE, "en")
    for place in (where, f"/scans/{done}"):
        text = mine.get(place).get_data(as_text=True)
        assert MESSAGE.en in text and MESSAGE.zh not in text


def test_what_axe_says_of_many_elements_is_kept_once(app: Flask, make: Factory) -> None:
    fault = rule("image-alt")
    other = replace(fault.elements[0], message=Text("角色不对", "The role is wrong"))
    many = replace(fault, elements=(*fault.elements * 40, other))
    scan(app, make, make.facility(FacilityKind.WEBSITE), page("http://a/", many))
    with app.app_context():
        kept = db.session.scalars(db.select(ScanResult)).one()
        assert kept.messages == [asdict(MESSAGE), asdict(other.message)]
        said = [kept.message_of(one) for one in kept.elements]
        assert said == [*[MESSAGE] * 40, other.message]


def test_many_faults_are_listed_before_they_are_told(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    names = ("image-alt", "label", "link-name", "button-name")
    many = scan(app, make, site, page("http://a/", *(rule(name) for name in names)))
    few = scan(app, make, site, page("http://a/", rule("label")))
    browser = signed_in("coordinator")
    text = browser.get(f"/scans/{many}").get_data(as_text=True)
    assert all(f'href="#rule-{name}"' in text for name in names)
    assert "#rule-label" not in browser.get(f"/scans/{few}").get_data(as_text=True)


def test_of_very_many_elements_the_first_are_kept_and_all_are_counted(
    app: Flask, make: Factory
) -> None:
    fault = rule("image-alt")
    many = replace(fault, elements=fault.elements * 1500)
    scan(app, make, make.facility(FacilityKind.WEBSITE), page("http://a/", many))
    with app.app_context():
        kept = db.session.scalars(db.select(ScanResult)).one()
        assert (len(kept.elements), kept.element_count) == (100, 1500)
        assert db.session.scalars(db.select(Finding)).one().facts["elements"] == 1500


def test_a_newer_engine_is_not_taken_for_a_worse_site(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    site = make.facility(FacilityKind.WEBSITE)
    old, new = (replace(page("http://a/"), engine=Engine(version=one)) for one in ("4.14", "4.15"))
    scan(app, make, site, old)
    same, other = scan(app, make, site, old), scan(app, make, site, new)
    browser = signed_in("coordinator")
    assert "检查引擎和上一次不同" not in browser.get(f"/scans/{same}").get_data(as_text=True)
    assert "4.14 → 4.15" in browser.get(f"/scans/{other}").get_data(as_text=True)


def test_a_website_is_reported_fixed_without_a_photo(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner = make.organisation()
    site = make.facility(FacilityKind.WEBSITE, organisation=owner)
    scan(app, make, site, page("http://a/", rule("image-alt")))
    with app.app_context():
        number = db.session.scalars(db.select(Finding.number)).one()
    where = f"/findings/{number}"
    signed_in("coordinator").send(f"{where}/confirm", {}, where)
    signed_in("department").send(f"{where}/dispatch", {"organisation": str(owner)}, where)
    fixer = signed_in("organisation", organisation=owner)
    html = fixer.get(where).get_data(as_text=True)
    assert 'id="report_fixed-why"' in html and 'id="report_fixed-photos"' not in html
    assert fixer.send(f"{where}/report_fixed", {"why": "已补替代文本"}, where).status_code == 303
    assert findings(app) == {"axe:image-alt": State.FIXED}


@pytest.mark.browser
def test_the_worker_scans_a_website_for_real_and_a_rescan_closes_what_was_mended(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    pages = {"/": BAD}
    with Site(pages) as server:
        address = server.url("/")
        website = make.facility(FacilityKind.WEBSITE, name="示例网站", url=address)
        allowed = app.config["SETTINGS"]
        allowed.scan_allow = f"127.0.0.1:{server.port}"
        browser = signed_in("coordinator")
        shown = browser.send(f"/scans/of/{website}", {}, f"/facilities/{website}")
        assert shown.status_code == 303
        _work(app)
        text = browser.get(shown.headers["Location"]).get_data(as_text=True)
        assert "已完成" in text and "图片" in text
        assert findings(app)["axe:image-alt"] is State.REPORTED
        pages["/"] = GOOD
        with app.app_context():
            with transaction():
                fault = db.session.scalars(
                    db.select(Finding).where(Finding.rule_id == "axe:image-alt")
                ).one()
                fault.state = State.FIXED
            with clock.at(clock.now() + WAIT):
                look_again()
        _work(app)
        assert findings(app)["axe:image-alt"] is State.CLOSED


def _work(app: Flask) -> None:
    """What a worker does with the runs that are waiting."""
    with app.app_context():
        for run in db.session.scalars(db.select(JobRun.id).where(JobRun.state == "queued")).all():
            do(str(run))
        failed = db.session.scalars(db.select(JobRun.error).where(JobRun.error != "")).all()
        assert failed == []
        assert db.session.scalars(db.select(Scan.state)).all()[-1] is ScanState.DONE
