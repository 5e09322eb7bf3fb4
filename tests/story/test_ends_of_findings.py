"""Three findings to their ends, by the buttons that people press: fixed and closed; failed, late
and escalated; never answered and referred."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from audit.checklists.rules import Answer
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.documents.jobs import write_files
from audit.facilities.rules import FacilityKind
from audit.findings import actions
from audit.findings.actions import Told
from audit.findings.models import Finding
from audit.findings.rules import Verb
from tests.assignments.sending import send
from tests.factories import Factory

from .conftest import PHONE, Turns

pytestmark = [pytest.mark.browser, pytest.mark.own_app]

Pictures = Callable[[int], str]
SLOPE = "rd-kerb-slope-full"
LOCKED = {"wc-provision": Answer.of(("room",)), "wc-usable": Answer.of("locked")}
PAPER = {
    "issuer": "资阳市示例残疾人联合会", "contact": "李明", "phone": "028-26110000",
    "inspectors": "王小满",
}  # fmt: skip
POLE = {"rd-tactile-present": Answer.of(True), "rd-tactile-occupied": Answer.of("pole_box")}


def test_a_kerb_ramp_is_fixed_by_a_personal_link_and_closed(
    make: Factory, turns: Turns, pictures: Pictures
) -> None:
    owner = make.organisation("资阳市示例市政设施公司")
    road = make.facility(FacilityKind.ROAD, name="示例大道", organisation=owner)
    number = _finds_the_ramp_too_steep(turns, make, f"/facilities/{road}", pictures(1))
    turns.becomes(make.person("coordinator"), f"/findings/{number}")
    turns.press("核实立案")
    link = _is_sent_by_the_department(turns, make, number)

    turns.stranger(link)
    turns.named("name").send_keys("王小满")
    turns.named("phone").send_keys("13800000000")
    turns.press("签收")
    turns.press("全宽式缘石坡道太陡")
    assert "7.5 %" in turns.text and "≤ 5 %" in turns.text
    turns.find("#report_fixed-why").send_keys("已把坡道放缓，最陡处 4.2 %。")
    turns.find("#report_fixed-photos").send_keys(pictures(1))
    turns.press("报告已整改")
    assert "待复查" in turns.text and turns.faults() == []

    turns.becomes(make.person("supervisor"), f"/findings/{number}", PHONE)
    turns.press("去复查")
    turns.named(SLOPE).send_keys("4.2")
    turns.find(f'input[name="photos.{SLOPE}"]').send_keys(pictures(1))
    turns.press("提交复查")
    turns.press("看这个问题")
    assert "已销号" in turns.text
    turns.press("并排放大对比")
    assert turns.shows_pictures(".compare img") == 2
    assert turns.complaints() == []


def _finds_the_ramp_too_steep(turns: Turns, make: Factory, place: str, files: str) -> str:
    turns.becomes(make.person("supervisor"), place, PHONE)
    turns.press("开始检查")
    turns.choose("rd-kerb-type", "full_width")
    turns.named(SLOPE).send_keys("7.5")
    turns.find(f'input[name="photos.{SLOPE}"]').send_keys(files)
    turns.press("提交检查")
    link = turns.driver.find_element(By.CSS_SELECTOR, 'main a[href^="/findings/ZY-"]')
    return str(link.get_attribute("href")).rsplit("/", 1)[-1]


def _is_sent_by_the_department(turns: Turns, make: Factory, number: str) -> str:
    """By a notice, whose address is returned as the department reads it on the page."""
    turns.becomes(make.person("department"), f"/findings/{number}")
    Select(turns.named("organisation")).select_by_visible_text("资阳市示例市政设施公司")
    turns.press("派单")
    turns.press("发整改通知")
    turns.named("contact").send_keys("刘科长 028-26110000")
    turns.press("发通知：1 份")
    return turns.find(".slip__address").text


def test_a_toilet_is_still_locked_then_late_and_escalated(
    make: Factory, turns: Turns, pictures: Pictures
) -> None:
    owner = make.organisation()
    fixer = make.person("organisation", organisation=owner)
    place = make.toilet(name="示例广场公共厕所", organisation=owner)
    number = _dispatched(make, place, "public-toilet", LOCKED, owner)
    turns.becomes(fixer, f"/findings/{number}", PHONE)
    turns.find("#report_fixed-why").send_keys("已经把门打开。")
    turns.find("#report_fixed-photos").send_keys(pictures(1))
    turns.press("报告已整改")

    turns.becomes(make.person("supervisor"), f"/findings/{number}", PHONE)
    turns.press("去复查")
    turns.choose("wc-usable", "locked")
    turns.find('input[name="photos.wc-usable"]').send_keys(pictures(1))
    turns.press("提交复查")
    turns.press("看这个问题")
    assert "重新整改" in turns.text and turns.faults() == []

    with time_machine.travel(now() + timedelta(days=100)):
        turns.becomes(make.person("coordinator"), "/statistics/supervision")
        turns.press("无障碍厕所不能使用")
        assert "严重超期" in turns.text
        turns.unfold("其他办理")
        turns.unfold("督办")
        turns.find("#escalate-why").send_keys("锁了三个月，请三日内打开。")
        turns.press("督办")
        assert "起督办" in turns.text and turns.faults() == []
        turns.open("/statistics/supervision")
        listed = turns.find(f'a[href="/findings/{number}"]').find_element(
            By.XPATH, "./ancestor::li"
        )
        assert "督办" in listed.text and "严重超期" in listed.text
        assert turns.faults() == []
    assert turns.complaints() == []


def test_a_pole_in_the_tactile_paving_is_never_answered_for_and_referred(
    make: Factory, turns: Turns
) -> None:
    owner = make.organisation("资阳市示例城市管理局")
    road = make.facility(FacilityKind.ROAD, name="示例大道", organisation=owner)
    number = _dispatched(make, road, "road", POLE, owner)
    send(make, number)
    with time_machine.travel(now() + timedelta(days=30)):
        first, second = make.person("coordinator"), make.person("coordinator")
        turns.becomes(first, "/findings/?late=late")
        turns.press("盲道被占用")
        assert "超期" in turns.text
        turns.unfold("其他办理")
        turns.unfold("移送检察机关")
        turns.find("#refer-why").send_keys("期限过后没有答复，移送示例区人民检察院。")
        turns.press("移送检察机关")
        turns.unfold("其他办理")
        turns.unfold("登记收到的检察建议")
        turns.find("#record_advice-why").send_keys("示例检建〔2026〕1 号")
        turns.type_day("#record_advice-until", now())
        turns.press("登记检察建议")
        assert "以前书面回复" in turns.text and "超期" in turns.text, "two clocks, told apart"
        assert turns.faults() == []
        advice = _is_drafted(turns)
        turns.becomes(second, f"/documents/{advice}")
        turns.press("批准并签发")
        _files_are_written(make, advice)
        turns.open(f"/documents/{advice}")
        turns.find('#files a[href$="/files/docx"]'), turns.find('#files a[href$="/files/html"]')
        turns.press(number)
        assert "已签发" in turns.find("#documents").text
    assert turns.complaints() == []


def _dispatched(
    make: Factory, place: UUID, checklist: str, answers: dict[str, Answer], owner: UUID
) -> str:
    """Found, confirmed and sent to its organisation, as the first story tells by the pages."""
    make.inspection(place, make.actor("supervisor"), answers, checklist=checklist)
    office, department = make.actor("coordinator"), make.actor("department")
    with make.app.app_context():
        mine = db.select(Finding).where(Finding.facility_id == place)
        for step, actor in ((Verb.CONFIRM, office), (Verb.DISPATCH, department)):
            with transaction():
                finding = db.session.scalars(mine).one()
                actions.act(finding, step, actor, Told(organisation_id=owner))
        return str(finding.number)


def _is_drafted(turns: Turns) -> UUID:
    """From the finding's page to a paper that waits for somebody else."""
    turns.press("做文书")
    turns.choose("kind", "advice")
    turns.press("下一步")
    for name, text in PAPER.items():
        turns.named(name).clear()
        turns.named(name).send_keys(text)
    turns.type_day("#due", now() + timedelta(days=15))
    turns.press("建草稿，看全文")
    turns.press("送审")
    assert "等待另一位有权限的人批准" in turns.text
    return UUID(turns.driver.current_url.rsplit("/", 1)[-1])


def _files_are_written(make: Factory, paper: UUID) -> None:
    """As the worker does; to print the PDF takes another browser, which other tests start."""
    with make.app.app_context():
        write_files(str(paper))
