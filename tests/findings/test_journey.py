"""The main job through the pages, without a browser's scripts: found, fixed, re-checked, closed."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest

from audit.photos.drawing import Scene, drawn_photo
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


def picture(seed: int = 1) -> tuple[io.BytesIO, str]:
    return io.BytesIO(drawn_photo(Scene.TOILET, seed, (800, 600))), "stall.jpg"


def inspect(browser: CarefulClient, place: object, width: str) -> str:
    """File an inspection of a stall so wide; the address of its result."""
    page = f"/inspections/new?facility={place}"
    html = browser.get(page).get_data(as_text=True)
    action = re.search(r'action="(/inspections/[0-9a-f-]{36})"', html)
    assert action
    answer = browser.send(
        action[1],
        {
            "facility": str(place),
            "checklist": "public-toilet",
            "action": "file",
            "wc-provision": ["male_stall", "female_stall"],
            "photos.wc-provision": [picture(1)],
            "wc-stall-width": width,
            "photos.wc-stall-width": [picture(2)],
        },
        page=page,
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def numbers(browser: CarefulClient) -> list[str]:
    html = browser.get("/findings/").get_data(as_text=True)
    return sorted(set(re.findall(r'href="/findings/(ZY-\d{4}-\d{6})"', html)))


@pytest.mark.parametrize(
    ("built_on", "said"),
    [(date(2023, 5, 1), "不符合强制标准"), (date(2015, 5, 1), "未达现行标准")],
)
def test_a_narrow_stall_is_followed_until_somebody_else_has_rechecked_it(
    make: Factory, signed_in: SignIn, built_on: date, said: str
) -> None:
    owner = make.organisation()
    place = make.toilet(built_on=built_on, organisation=owner)
    supervisor = signed_in("supervisor")
    result = supervisor.get(inspect(supervisor, place, "1.40 m")).get_data(as_text=True)
    assert "GB 55019-2021 第3.2.2(1)条" in result
    assert "1,400" in result and "1,500" in result
    assert said in result

    [number] = numbers(supervisor)
    coordinator, department = signed_in("coordinator"), signed_in("department")
    page = f"/findings/{number}"
    assert coordinator.send(f"{page}/confirm", {}, page).status_code == 303
    sent = department.send(f"{page}/dispatch", {"organisation": str(owner)}, page)
    assert sent.status_code == 303

    fixer = signed_in("organisation", organisation=owner)
    without = fixer.send(f"{page}/report_fixed", {"why": "已拓宽"}, page)
    assert without.status_code == 422 and "请至少附一张照片" in without.get_data(as_text=True)
    fixed = fixer.send(f"{page}/report_fixed", {"why": "已拓宽", "photos": [picture(3)]}, page)
    assert fixed.status_code == 303

    again = supervisor.get(page).get_data(as_text=True)
    assert "去复查" not in again, "whoever found it does not re-check it"
    other = signed_in("supervisor")
    recheck = f"/inspections/recheck/{number}"
    html = other.get(recheck).get_data(as_text=True)
    action = re.search(r'action="(/inspections/[0-9a-f-]{36})"', html)
    assert action
    answer = other.send(
        action[1],
        {
            "verifies": number,
            "action": "file",
            "wc-stall-width": "1500",
            "photos.wc-stall-width": [picture(4)],
        },
        page=recheck,
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    other.get(answer.headers["Location"])
    assert "已销号" in other.get(page).get_data(as_text=True)
    reopened = coordinator.send(f"{page}/reopen", {"why": "又被堆物占用"}, page)
    assert reopened.status_code == 303
    assert "重新整改" in coordinator.get(page).get_data(as_text=True)


def test_every_main_page_opens_for_a_coordinator(make: Factory, signed_in: SignIn) -> None:
    number = make.finding()
    browser = signed_in("coordinator")
    for page in (
        "/",
        "/facilities/",
        "/facilities/near",
        "/facilities/near?lon=104.6276&lat=30.1222",
        "/facilities/new",
        "/facilities/new/road",
        "/facilities/new/website",
        "/inspections/",
        "/findings/",
        f"/findings/{number}",
        "/map/",
        "/account/password",
    ):
        assert browser.get(page).status_code == 200, page
