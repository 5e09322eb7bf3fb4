"""A website's fix that was reported is looked at by the scanner itself."""

import pytest

from audit.core import clock
from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.core.language import COOKIE
from audit.facilities.models import Facility
from audit.findings import actions as steps
from audit.findings.models import Finding
from audit.findings.rules import State, Verb
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from audit.webscan.actions import keep_page
from audit.webscan.models import Scan
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.results import PageResult

from .stories import FIRST, MINUTES, SECOND, Story
from .test_following import SignIn, findings, page, rule


def test_one_scan_looks_at_all_that_was_reported_in_one_sitting(story: Story) -> None:
    story.first_scan(page(FIRST, rule("image-alt"), rule("label")))
    assert story.tick(10) == [], "nothing was reported"
    story.report(20, "axe:image-alt")
    story.report(23, "axe:label")
    assert story.tick(24) == []
    asked = story.tick(25)
    assert len(asked) == 1
    assert story.tick(26) == asked, "one at a time"
    with story.at(26):
        scan = db.session.get_one(Scan, asked[0])
        assert (scan.requested_by_id, scan.requested_by_name) == (None, "scanner")
        entry = db.session.scalars(
            db.select(JournalEntry).where(JournalEntry.subject_id == str(asked[0]))
        ).one()
        assert (entry.actor_name, entry.verb) == ("scanner", "request")
    story.see(asked[0], 27, page(FIRST))
    assert set(findings(story.app).values()) == {State.CLOSED}
    assert story.tick(40) == []


def test_what_is_gone_is_closed_by_the_scanner_with_what_it_saw(story: Story) -> None:
    story.first_scan(page(FIRST, rule("image-alt")), page(SECOND, rule("image-alt")))
    story.report(20)
    [asked] = story.tick(30)
    story.see(asked, 31, page(FIRST), page(SECOND))
    with story.at(32):
        last = story.events()[-1]
        assert (last.verb, last.to_state) == (Verb.PASS_RECHECK, State.CLOSED)
        assert (last.actor_id, last.actor_name) == (None, "scanner")
        assert last.detail["found_in"] == str(asked)
        assert "原来有问题的 2 页" in last.detail["said"]["zh"]
        assert first_broken_link() is None


def test_what_is_still_there_is_opened_again_with_the_evidence(
    story: Story, signed_in: SignIn
) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    [asked] = story.tick(30)
    story.see(asked, 31, page(FIRST, rule("image-alt")), page(SECOND, rule("image-alt")))
    assert findings(story.app) == {"axe:image-alt": State.REOPENED}
    with story.at(32):
        verbs = [one.verb for one in story.events()]
        assert verbs == ["open", "confirm", "dispatch", "report_fixed", "fail_recheck"]
        number = db.session.scalars(db.select(Finding.number)).one()
    text = signed_in("coordinator").get(f"/findings/{number}").get_data(as_text=True)
    assert "仍在 2 页上发现 2 处" in text and "扫描程序" in text
    assert f'href="/scans/{asked}"' in text
    story.report(40)
    [again] = story.tick(50)
    story.see(again, 51, page(FIRST), page(SECOND))
    assert findings(story.app) == {"axe:image-alt": State.CLOSED}


def test_a_site_out_of_reach_decides_nothing_and_is_tried_again_the_next_day(
    story: Story,
) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    [asked] = story.tick(30)
    story.see(asked, 31, page(FIRST, outcome=Outcome.NETWORK_ERROR))
    day = 24 * 60
    assert story.tick(30 + day) == []
    [again] = story.tick(31 + day)
    story.see(again, 32 + day, page(FIRST, outcome=Outcome.NETWORK_ERROR))
    assert findings(story.app) == {"axe:image-alt": State.FIXED}
    with story.at(40 + day):
        notes = [one for one in story.events() if one.verb is Verb.UNDECIDED]
        assert len(notes) == 1, "the same is not noted every day"
        assert "连接不上网站" in notes[0].detail["said"]["zh"]
        assert "could not be reached" in notes[0].detail["said"]["en"]
    [third] = story.tick(33 + 2 * day)
    story.see(third, 34 + 2 * day, page(FIRST))
    assert findings(story.app) == {"axe:image-alt": State.CLOSED}


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ([page(FIRST), page(SECOND, outcome=Outcome.SCRIPT_HUNG)], "页面脚本卡死"),
        ([page(FIRST)], "没有再访问到原来有问题的页"),
        (
            [page(FIRST), PageResult(SECOND, Outcome.SCANNED, SECOND, 200, frames_missed=1)],
            "有框架没能检查",
        ),
        (
            [page(FIRST), PageResult(SECOND, Outcome.SCANNED, left_out=("image-alt",))],
            "时间不够",
        ),
    ],
)
def test_what_keeps_the_scanner_from_telling_is_noted(
    story: Story, seen: list[PageResult], why: str
) -> None:
    story.first_scan(page(FIRST), page(SECOND, rule("image-alt")))
    story.report(20)
    [asked] = story.tick(30)
    story.see(asked, 31, *seen)
    assert findings(story.app) == {"axe:image-alt": State.FIXED}
    with story.at(32):
        assert why in story.events()[-1].detail["said"]["zh"]


def test_a_page_that_loads_late_twice_is_left_to_a_person(story: Story) -> None:
    """It was seen in part: without the fault it may be mended, or not there yet."""
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    late = page(FIRST, outcome=Outcome.SCANNED_LATE)
    day, verbs = 24 * 60, []
    for number in range(2):
        [asked] = story.tick(30 + number * (day + 1))
        story.see(asked, 31 + number * (day + 1), late)
        with story.at(32 + number * day):
            verbs.append(story.events()[-1].verb)
            assert "没有加载完" in story.events()[-1].detail["said"]["zh"]
    assert verbs == [Verb.UNDECIDED, Verb.HAND_OVER]
    assert story.tick(5 * day) == []


def test_when_another_website_is_registered_a_person_decides_about_the_old_pages(
    story: Story,
) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    with story.at(21), transaction():
        db.session.get_one(Facility, story.site).url = "http://b/"
    [asked] = story.tick(30)
    story.see(asked, 31, page("http://b/"))
    with story.at(32):
        assert story.events()[-1].verb is Verb.HAND_OVER
        assert "已经换了网站" in story.events()[-1].detail["said"]["zh"]


def test_a_page_seen_before_the_report_speaks_neither_for_nor_against_it(story: Story) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    under_way = story.ask(20)
    with story.at(21), transaction():
        keep_page(under_way, 1, page(FIRST, rule("image-alt")))
    story.report(22)
    assert story.tick(30) == [under_way], "the scan under way comes first"
    story.see(under_way, 31, page(SECOND))
    assert findings(story.app) == {"axe:image-alt": State.FIXED}
    [asked] = story.tick(32)
    story.see(asked, 33, page(FIRST), page(SECOND))
    assert findings(story.app) == {"axe:image-alt": State.CLOSED}


def test_a_scan_that_a_person_asks_for_re_checks_too(story: Story) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    story.see(story.ask(21), 22, page(FIRST))
    assert findings(story.app) == {"axe:image-alt": State.CLOSED}
    assert story.tick(30) == []


def test_a_page_that_is_no_more_has_no_fault(story: Story) -> None:
    merged = PageResult(SECOND, Outcome.MERGED, FIRST, 200)
    third = "http://a/3"
    gone = PageResult(third, Outcome.HTTP_ERROR, third, 404)
    story.first_scan(page(FIRST), page(SECOND, rule("image-alt")), page(third, rule("label")))
    story.report(20)
    [asked] = story.tick(30)
    story.see(asked, 31, page(FIRST), merged, gone)
    assert set(findings(story.app).values()) == {State.CLOSED}
    with story.at(32):
        assert "其中 1 页已经不在了" in story.events()[-1].detail["said"]["zh"]


def test_a_site_that_answers_only_that_nothing_is_there_closes_nothing(story: Story) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    [asked] = story.tick(30)
    story.see(asked, 31, PageResult(FIRST, Outcome.HTTP_ERROR, FIRST, 404))
    assert findings(story.app) == {"axe:image-alt": State.FIXED}


def test_a_page_out_of_reach_stays_suspect_though_others_are_judged_again(story: Story) -> None:
    """What the last scan that found the fault did not reach is not thereby mended."""
    story.first_scan(page(FIRST, rule("image-alt")), page(SECOND, rule("image-alt")))
    unreached = page(SECOND, outcome=Outcome.HTTP_ERROR)
    story.see(story.ask(10), 10, page(FIRST, rule("image-alt")), unreached)
    story.see(story.ask(11), 11, page(FIRST), unreached)
    assert findings(story.app) == {"axe:image-alt": State.DISPATCHED}
    story.see(story.ask(12), 12, page(FIRST), page(SECOND))
    assert findings(story.app) == {"axe:image-alt": State.CLOSED}


def test_what_a_person_found_to_be_no_problem_is_not_opened_again(
    story: Story, signed_in: SignIn
) -> None:
    story.see(story.ask(0), 0, page(FIRST, rule("image-alt"), rule("label")))
    with story.at(1):
        story.step(
            "axe:image-alt",
            lambda one: steps.act(
                one, Verb.REJECT, story.people["coordinator"], steps.Told("装饰图。")
            ),
        )
    again = story.see(story.ask(2), 2, page(FIRST, rule("image-alt"), rule("label")))
    assert findings(story.app) == {"axe:image-alt": State.REJECTED, "axe:label": State.REPORTED}
    shown = signed_in("coordinator").get(f"/scans/{again}").get_data(as_text=True)
    assert "核实后没有立案" in shown
    with story.app.app_context():
        assert len(db.session.scalars(db.select(Finding)).all()) == 2


def test_a_rescan_has_room_for_every_suspect_page(story: Story) -> None:
    pages = [page(f"http://a/{number}", rule("image-alt")) for number in range(15)]
    story.first_scan(*pages)
    story.report(20)
    [asked] = story.tick(30)
    with story.at(31):
        assert db.session.get_one(Scan, asked).pages_wanted == 16


def test_a_website_off_the_register_is_left_alone(story: Story) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    with story.at(21), transaction():
        db.session.get_one(Facility, story.site).active = False
    assert story.tick(30) == []
    with pytest.raises(Conflict):
        story.ask(31)


def test_the_findings_page_says_that_the_scanner_looks_again_and_when(
    story: Story, signed_in: SignIn
) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    with story.at(21):
        number = db.session.scalars(db.select(Finding.number)).one()
        due = clock.here(story.start + 25 * MINUTES).strftime("%Y-%m-%d %H:%M")
    readers = {
        "supervisor": signed_in("supervisor"),
        "organisation": signed_in("organisation", organisation=story.owner),
        "coordinator": signed_in("coordinator"),
    }

    def shown(minutes: float, language: str = "zh") -> dict[str, str]:
        with story.at(minutes):
            for browser in readers.values():
                browser.set_cookie(COOKIE, language)
            return {
                role: browser.get(f"/findings/{number}").get_data(as_text=True)
                for role, browser in readers.items()
            }

    for role, text in shown(21).items():
        assert "扫描程序会自己去复查" in text and f"{due} 前后" in text, role
        assert "去复查</span>" not in text, "nobody is sent there"
    assert "重新扫描" in shown(21)["coordinator"] and "重新扫描" not in shown(21)["organisation"]
    assert all("复查马上开始" in text for text in shown(26).values())
    [asked] = story.tick(27)
    assert all(f'href="/scans/{asked}"' in text for text in shown(28).values())
    story.see(asked, 29, page(FIRST, outcome=Outcome.TLS_ERROR))
    assert all("安全证书有问题" in text for text in shown(30).values())
    for text in shown(30, "en").values():
        assert "certificate is faulty" in text and "The scanner" in text


def test_no_person_is_asked_to_re_check_what_the_scanner_re_checks(
    story: Story, signed_in: SignIn
) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    for role in ("supervisor", "coordinator"):
        browser = signed_in(role)
        desk = browser.get("/").get_data(as_text=True)
        assert "待复查（0）" in desk
        listed = browser.get("/findings/?state=fixed&by=person").get_data(as_text=True)
        assert "共 0 个问题" in listed
        assert "共 1 个问题" in browser.get("/findings/?state=fixed").get_data(as_text=True)
