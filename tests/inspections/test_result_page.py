"""The page of a filed inspection: failures first, what happens next, the rest in lines."""

from collections.abc import Callable

from audit.checklists.loader import get_checklist
from audit.checklists.rules import Answer
from audit.core.db import db
from audit.core.language import COOKIE
from audit.findings.models import Finding
from audit.inspections.views.result import said
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.findings.test_journey import picture

SignIn = Callable[..., CarefulClient]
UNITS = Answer.of(("male_stall", "female_stall"))


def result(make: Factory, signed_in: SignIn, **answers: Answer) -> str:
    given = {"wc-provision": UNITS} | {f"wc-{name}": one for name, one in answers.items()}
    named = {name.replace("_", "-"): one for name, one in given.items()}
    visit = make.inspection(make.toilet(), make.actor("supervisor"), named)
    return signed_in("coordinator").get(f"/inspections/{visit}").get_data(as_text=True)


def test_failures_stand_first_the_gravest_on_top(make: Factory, signed_in: SignIn) -> None:
    html = result(
        make, signed_in, stall_width=Answer.of(1400), call=Answer.of("none"),
        stall_length=Answer.of(2100),
    )  # fmt: skip
    danger, narrow = html.index("有受伤危险"), html.index("比要求少 100 mm")
    assert html.index("不合格的项") < danger < narrow < html.index(">合格的 2 项")
    assert "不合格的 2 项已成为问题" in html


def test_each_failure_leads_to_its_finding(make: Factory, signed_in: SignIn) -> None:
    html = result(make, signed_in, stall_width=Answer.of(1400))
    assert 'href="/findings/ZY-2026-' in html
    assert "看问题 ZY-2026-" in html


def test_an_answer_of_one_word_takes_a_capital_in_english(make: Factory, signed_in: SignIn) -> None:
    answers = {"wc-provision": UNITS, "wc-latch": Answer.of(True)}
    visit = make.inspection(make.toilet(), make.actor("supervisor"), answers)
    browser = signed_in("coordinator")
    browser.set_cookie(COOKIE, "en")
    html = browser.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "Yes" in html and ">yes<" not in html


def test_a_visit_without_failures_says_that_nothing_is_left_to_do(
    make: Factory, signed_in: SignIn
) -> None:
    html = result(make, signed_in, stall_width=Answer.of(1500))
    assert "已判定的项都合格" in html
    assert "不合格的项" not in html


def test_how_much_was_judged_stands_beside_the_verdicts(make: Factory, signed_in: SignIn) -> None:
    html = result(make, signed_in, stall_width=Answer.of(1500))
    assert "这张检查表适用于这里的共" in html
    assert "未检的" in html


def test_a_recheck_says_what_became_of_its_finding(make: Factory, signed_in: SignIn) -> None:
    owner = make.organisation()
    number = make.dispatched(owner)
    page, fixer = f"/findings/{number}", signed_in("organisation", organisation=owner)
    fixer.send(f"{page}/report_fixed", {"why": "已拓宽", "photos": [picture()]}, page)
    with make.app.app_context():
        place = db.session.scalars(
            db.select(Finding.facility_id).where(Finding.number == number)
        ).one()
    wide = {"wc-stall-width": Answer.of(1500)}
    visit = make.inspection(place, make.actor("supervisor"), wide, verifies=number)
    html = signed_in("coordinator").get(f"/inspections/{visit}").get_data(as_text=True)
    assert f"复查合格，问题 {number} 已销号。" in html


def test_answers_are_said_in_words() -> None:
    items = get_checklist("public-toilet").by_id
    assert said(items["wc-stall-width"], 1400) == "1,400 mm"
    assert said(items["wc-latch"], False) == "否"
    assert said(items["wc-floor"], {"sound": True, "dry": False}) == (
        "坚固、平整、防滑：是；没有积水：否"
    )
    assert said(items["wc-latch"], None) == ""
