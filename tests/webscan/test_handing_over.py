"""What no machine can decide is judged by a person, and nothing else is."""

import pytest

from audit.core.db import db
from audit.findings.models import Finding
from audit.findings.rules import State, Verb
from tests.factories import Factory

from .stories import FIRST, Story
from .test_following import SignIn, findings, page, rule


@pytest.mark.parametrize(
    ("verb", "state"),
    [(Verb.PASS_RECHECK, State.CLOSED), (Verb.FAIL_RECHECK, State.REOPENED)],
)
def test_what_a_machine_cannot_decide_is_left_to_a_person(
    story: Story, signed_in: SignIn, verb: Verb, state: State
) -> None:
    number = story.handed_over()
    assert story.tick(60 * 24 * 5) == [], "another scan would not know more"
    supervisor = signed_in("supervisor")
    assert "待复查（1）" in supervisor.get("/").get_data(as_text=True)
    listed = supervisor.get("/findings/?state=fixed&by=person").get_data(as_text=True)
    assert number in listed and "只看要由人复查的" in listed
    where = f"/findings/{number}"
    text = supervisor.get(where).get_data(as_text=True)
    assert "要由人打开网站看一看" in text and "机器不能下结论，要由人判断" in text
    assert "最近一次扫描不能下结论的地方" in text
    assert supervisor.send(f"{where}/{verb}", {"why": " "}, where).status_code == 422
    assert supervisor.send(f"{where}/{verb}", {"why": "用读屏软件看过。"}, where).status_code == 303
    assert findings(story.app) == {"axe:color-contrast": state}
    with story.app.app_context():
        last = story.events("axe:color-contrast")[-1]
        assert last.verb == verb and last.actor_id is not None


@pytest.mark.parametrize("role", ["organisation", "department", "planner"])
def test_what_was_handed_over_is_not_for_everybody_to_judge(
    story: Story, signed_in: SignIn, role: str
) -> None:
    where = f"/findings/{story.handed_over()}"
    facts = {"organisation": story.owner} if role == "organisation" else {}
    browser = signed_in(role, **facts)
    assert "看过了" not in browser.get(where).get_data(as_text=True)
    answer = browser.send(f"{where}/pass_recheck", {"why": "好了。"}, where)
    assert answer.status_code == 403
    assert findings(story.app) == {"axe:color-contrast": State.FIXED}


def test_nobody_judges_by_hand_what_was_not_handed_over(
    story: Story, make: Factory, signed_in: SignIn
) -> None:
    story.first_scan(page(FIRST, rule("image-alt")))
    story.report(20)
    visited = make.fixed(story.owner)
    with story.at(21):
        scanned = db.session.scalars(
            db.select(Finding.number).where(Finding.rule_id == "axe:image-alt")
        ).one()
    supervisor = signed_in("supervisor")
    for number, status in ((scanned, 409), (visited, 404)):
        where = f"/findings/{number}"
        answer = supervisor.send(f"{where}/pass_recheck", {"why": "看着好了。"}, where)
        assert answer.status_code == status
    assert set(findings(story.app).values()) == {State.FIXED}
