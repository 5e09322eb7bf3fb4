"""Many accounts from one table: tried first, all or none, codes on a sheet shown once."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from audit.accounts import queries
from audit.accounts.models import PeopleImport, User
from audit.accounts.rules import RoleAt
from audit.core.actors import Role
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from tests.accounts.lists import (
    CODE,
    HEAD,
    LIST,
    START,
    SignIn,
    logins,
    looked_at,
    query_of,
    take_in,
    upload,
    xlsx,
)
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory
from tests.web.test_english import english, left


def test_a_list_is_tried_then_taken_in_and_everybody_signs_in(
    app: Flask, signed_in: SignIn, client: CarefulClient
) -> None:
    browser = signed_in("coordinator")
    before = logins(app)
    where, _said = upload(browser, LIST.encode())
    page = looked_at(browser, where)
    assert (
        "可以新建的 2 行" in page and "监督员（雁江区）" in page and "有问题的行</h2>" not in page
    )
    assert logins(app) == before, "trying makes nobody"
    status, sheet = take_in(browser, where)
    assert status == 200
    codes = CODE.findall(sheet)
    assert len(codes) == 2 == sheet.count('class="slip"')
    assert logins(app) - before == {"liming", "13800138000"}
    assert client.sign_in("liming", codes[0]).headers["Location"] == "/"
    with app.app_context():
        user = queries.find_user("13800138000")
        assert user is not None and user.roles() == [RoleAt(Role.SUPERVISOR, YANJIANG)]
        entries = db.session.scalars(db.select(JournalEntry)).all()
        texts = [f"{one.verb} {one.detail}" for one in entries]
        assert len([one for one in entries if one.verb == "import"]) == 1
        assert not any(code in text for code in codes for text in texts)
        assert first_broken_link() is None
        kept = db.session.scalars(db.select(PeopleImport)).one()
        assert kept.rows == [] and len(kept.user_ids) == 2, "the names are gone"


@pytest.mark.parametrize(
    "raw",
    [
        LIST.encode("gb18030"), LIST.encode("utf-8-sig"), LIST.replace(",", "\t").encode(),
        xlsx(HEAD.split(","), ["liming", "李明", "监督员", "雁江区"],
             [13800138000, "王芳", "监督员", 512002]),
    ],
    ids=["gb18030", "utf-8 with mark", "tabs", "xlsx"],
)  # fmt: skip
def test_a_list_is_read_however_it_was_saved(app: Flask, signed_in: SignIn, raw: bytes) -> None:
    browser = signed_in("coordinator")
    where, _said = upload(browser, raw, "x.xlsx")
    assert take_in(browser, where)[0] == 200
    assert logins(app) >= {"liming", "13800138000"}


def test_what_the_table_does_not_say_is_chosen_once(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    owner = make.organisation("区市政公司", district=YANJIANG)
    browser = signed_in("coordinator")
    where, _said = upload(browser, "手机号,姓名\n13800138000,王芳\n".encode())
    chosen = {"role": "organisation", "organisation": str(owner)}
    assert take_in(browser, where, **chosen)[0] == 200
    with app.app_context():
        user = queries.find_user("13800138000")
        assert user is not None and user.organisation_id == owner
        assert user.roles() == [RoleAt(Role.ORGANISATION, YANJIANG)]


def test_several_roles_and_districts_stand_in_one_cell(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("administrator", district=None)
    row = "liming,李明,监督员、主管部门,雁江区；安岳县,\nwang,王芳,规划人员,全市,\n"
    where, _said = upload(browser, f"{HEAD}\n{row}".encode())
    assert take_in(browser, where)[0] == 200
    with app.app_context():
        user, planner = queries.find_user("liming"), queries.find_user("wang")
        assert user is not None and planner is not None
        assert set(user.roles()) == {
            RoleAt(role, place)
            for role in (Role.SUPERVISOR, Role.DEPARTMENT)
            for place in (YANJIANG, ANYUE)
        }
        assert planner.roles() == [RoleAt(Role.PLANNER, None)]


BAD: tuple[tuple[str, str], ...] = (
    (",李明,监督员,雁江区,", "登录名：登录名要 2 到 60 位"),
    ("李明,李明,监督员,雁江区,", "登录名：登录名要 2 到 60 位"),
    ("x2,,监督员,雁江区,", "姓名：这一项必须填写"),
    ("x3,=HYPERLINK(1),监督员,雁江区,", "姓名不能以 = + - @ 开头"),
    ("x4,＝1＋1,监督员,雁江区,", "姓名不能以 = + - @ 开头"),
    (f"x5,{'长' * 61},监督员,雁江区,", "最多 60 个字"),
    ("x6,李明,国王,雁江区,", "没有“国王”这个角色"),
    ("x7,李明,,雁江区,", "请填写角色"),
    ("x8,李明,监督员,,", "请填写区县"),
    ("x9,李明,监督员,成都市,", "“成都市”不是您负责的区县"),
    ("x10,李明,整改单位,雁江区,", "必须属于一个单位"),
    ("x11,李明,整改单位,雁江区,没有的公司", "没有叫“没有的公司”的在用单位"),
    ("x12,李明,监督员,雁江区,,多出来的", "这一行比表头多出了内容"),
    ("taken,李明,监督员,雁江区,", "这个登录名已经有人使用"),
    ("TAKEN,李明,监督员,雁江区,", "这个登录名已经有人使用"),
    ("twice,李明,监督员,雁江区,\nTwice,王芳,监督员,雁江区,", "与第 2 行的登录名相同"),
    # what a coordinator may not give
    ("x13,李明,系统管理员,全市,", "“全市”不是您负责的区县"),
    ("x14,李明,系统管理员,雁江区,", "您不能在这个范围授予这个角色"),
    ("x15,李明,残联工作人员,雁江区,", "您不能在这个范围授予这个角色"),
    ("x16,李明,监督员,安岳县,", "“安岳县”不是您负责的区县"),
    ("x17,李明,监督员、审计员,雁江区,", "单独的账号"),
    ("x18,李明,整改单位,,外县的公司", "没有叫“外县的公司”的在用单位"),
    ("x19,李明,整改单位,,全市的公司", "没有叫“全市的公司”的在用单位"),
)


def test_each_bad_row_is_named_with_its_line_and_its_reason(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    make.organisation("外县的公司", district=ANYUE)
    make.organisation("全市的公司")
    other = make.person("supervisor", district=ANYUE)
    with app.app_context(), transaction() as session:
        session.get_one(User, other.id).login = "taken"
    browser = signed_in("coordinator")
    before = logins(app)
    for row, said in BAD:
        good = "goodone,赵好,监督员,雁江区,"
        where, refused = upload(browser, f"{HEAD}\n{row}\n{good}\n".encode())
        assert not refused, row
        page = looked_at(browser, where)
        assert said in page, row
        line = 3 if "\n" in row else 2
        assert f"第 {line} 行" in page.split("有问题的行</h2>")[1], row
        status, again = take_in(browser, where)
        assert status == 422 and said in again and not CODE.search(again), row
        assert logins(app) == before, row


def test_many_bad_rows_are_all_named(signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    rows = [f"x{n},李明,{'监督员' if n % 4 else '国王'},雁江区," for n in range(200)]
    where, _said = upload(browser, "\n".join([HEAD, *rows]).encode())
    bad = looked_at(browser, where).split("有问题的行</h2>")[1].split("可以新建的")[0]
    named = [int(line) for line in re.findall(r"第 (\d+) 行", bad)]
    assert named == [n + 2 for n in range(200) if n % 4 == 0]


def test_whoever_is_there_already_is_left_out_and_namesakes_are_pointed_out(
    app: Flask, signed_in: SignIn
) -> None:
    browser = signed_in("coordinator")
    where, _said = upload(browser, LIST.encode())
    take_in(browser, where)
    more = (
        f"{LIST}liming2,李明,监督员,雁江区,\nzhao,赵六,监督员,雁江区,\nzhao2,赵六,监督员,雁江区,\n"
    )
    where, _said = upload(browser, more.encode())
    page = looked_at(browser, where)
    assert "会跳过的 2 行" in page and "可以新建的 3 行" in page
    assert "已有同名的账号：liming。" in page and "与第 5 行同名。" in page
    status, sheet = take_in(browser, where)
    assert status == 200 and len(CODE.findall(sheet)) == 3


def test_an_account_that_one_may_not_see_tells_its_login_alone(
    app: Flask, make: Factory, signed_in: SignIn
) -> None:
    other = make.person("supervisor", district=ANYUE, name="张秘密")
    browser = signed_in("coordinator")
    row = f"{other.login},张秘密,监督员,雁江区,\nnobody,张秘密,监督员,雁江区,"
    where, _said = upload(browser, f"{HEAD}\n{row}\n".encode())
    page = looked_at(browser, where)
    assert "这个登录名已经有人使用" in page
    assert "已有同名的账号" not in page and "会跳过" not in page


def test_nothing_is_half_written_when_a_login_is_taken_meanwhile(
    app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of them clashes in the database itself."""
    browser = signed_in("coordinator")
    where, _said = upload(browser, LIST.encode())
    asked = query_of(browser, where, {})
    before = logins(app)
    from audit.accounts.actions import importing

    made = importing.make_user

    def same_login(draft: object, *rest: object) -> object:
        user, code = made(draft, *rest)  # type: ignore[arg-type]
        user.login = "the-same"
        return user, code

    monkeypatch.setattr(importing, "make_user", same_login)
    answer = browser.send(f"{where}/check", asked, f"{where}/columns")
    assert answer.status_code == 409 and not CODE.search(answer.get_data(as_text=True))
    assert logins(app) == before
    monkeypatch.undo()
    assert take_in(browser, where)[0] == 200, "and it can be done again"


def test_a_second_press_makes_nobody_twice(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    where, _said = upload(browser, LIST.encode())
    asked = query_of(browser, where, {})
    token = browser.token(f"{where}/columns")
    for expected in (303, 409):
        answer = browser.post(f"{where}/check", data={**asked, "csrf_token": token})
        assert answer.status_code == expected
    assert "已经导入" in answer.get_data(as_text=True)
    assert len(logins(app)) == 3


def test_a_lost_sheet_is_printed_anew_for_those_who_have_not_signed_in(
    app: Flask, signed_in: SignIn, client: CarefulClient
) -> None:
    browser = signed_in("coordinator")
    where, _said = upload(browser, LIST.encode())
    codes = CODE.findall(take_in(browser, where)[1])
    client.sign_in("13800138000", codes[1])
    fresh = "a-new-password-of-mine"
    client.send("/account/password", {"password": fresh, "again": fresh})
    page = f"{where}/done"
    assert "重新发 1 个一次性密码" in browser.get(page).get_data(as_text=True)
    sheet = browser.arrive(f"{where}/codes", {}, page).get_data(as_text=True)
    [renewed] = CODE.findall(sheet)
    other: CarefulClient = app.test_client()  # type: ignore[assignment]
    assert other.sign_in("liming", codes[0]).status_code == 422
    assert other.sign_in("liming", renewed).status_code == 303


def test_a_list_is_its_senders_and_nobody_elses(app: Flask, signed_in: SignIn) -> None:
    mine = signed_in("coordinator")
    where, _said = upload(mine, LIST.encode())
    for other in (
        signed_in("coordinator"), signed_in("coordinator", district=ANYUE),
        signed_in("administrator", district=None), signed_in("security", district=None),
    ):  # fmt: skip
        for page in ("columns", "check?column.login=0&column.name=1&role=supervisor", "done"):
            assert other.get(f"{where}/{page}").status_code == 404
        for verb in ("check", "codes", "drop"):
            sent = {"column.login": "0", "column.name": "1", "role": "supervisor"}
            assert other.send(f"{where}/{verb}", sent, START).status_code == 404
        again = other.send(where, {"file": (io.BytesIO(LIST.encode()), "x.csv")}, START)
        assert again.status_code == 409, "nor is its id"
    assert mine.get(f"{where}/columns").status_code == 200


def test_a_list_is_given_up_or_forgotten_after_a_day(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    where, _said = upload(browser, LIST.encode())
    assert browser.send(f"{where}/drop", {}, f"{where}/columns").status_code == 303
    assert browser.get(f"{where}/columns").status_code == 404
    where, _said = upload(browser, LIST.encode())
    with time_machine.travel(now() + timedelta(hours=25)):
        later = signed_in("coordinator")
        upload(later, LIST.encode())
        with app.app_context():
            assert db.session.scalar(db.select(db.func.count()).select_from(PeopleImport)) == 1
        assert later.get(f"{where}/columns").status_code == 404


def test_columns_must_be_named(signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    where, _said = upload(browser, "甲,乙\nliming,李明\n".encode())
    for asked, said in (
        ({}, "请指出这一列"),
        ({"column.login": "0"}, "姓名：请指出这一列"),
        ({"column.login": "0", "column.name": "0"}, "这一列已经用作别的内容"),
        ({"column.login": "0", "column.name": "1"}, "选一个统一的角色"),
        ({"column.login": "99", "column.name": "-1"}, "登录名：请指出这一列"),
        ({"column.login": "1e9", "column.name": "٣"}, "登录名：请指出这一列"),
    ):
        answer = browser.get(f"{where}/check", query_string=asked)
        assert answer.status_code == 422, asked
        assert said in answer.get_data(as_text=True), asked


def test_the_empty_table_that_is_offered_is_understood(app: Flask, signed_in: SignIn) -> None:
    import openpyxl

    browser = signed_in("coordinator")
    answer = browser.get(f"{START}template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    sheet = book.active
    sheet.append(["liming", "李明", "监督员", "雁江区", ""])
    file = io.BytesIO()
    book.save(file)
    where, _said = upload(browser, file.getvalue(), "people.xlsx")
    assert take_in(browser, where)[0] == 200


def test_every_page_of_an_import_is_english_for_who_reads_english(signed_in: SignIn) -> None:
    browser = english(signed_in("coordinator", name="Qian Yu"))
    good = "a1,Li Ming,Supervisor,Yanjiang District,\na1x,Li Ming,supervisor,512002,\n"
    bad = "a2,=1,king,nowhere,none\nA2,,,,\n!,x,organisation,,\n,y,auditor;planner,,,\n"
    where, _said = upload(browser, f"login,name,role,district,unit\n{good}{bad}".encode(), "a.csv")
    pages = [
        browser.get(START).get_data(as_text=True),
        upload(browser, b"")[1],
        upload(browser, b"PK\x03\x04")[1],
        browser.get(f"{where}/columns").get_data(as_text=True),
        browser.get(f"{where}/check?column.name=0").get_data(as_text=True),
        looked_at(browser, where),
    ]
    where, _said = upload(browser, f"login,name,role,district,unit\n{good}".encode(), "a.csv")
    pages += [take_in(browser, where)[1], take_in_again(browser, where)]
    pages.append(browser.get(f"{where}/done").get_data(as_text=True))
    pages.append(browser.arrive(f"{where}/codes", {}, f"{where}/done").get_data(as_text=True))
    assert [left(page) for page in pages] == [[]] * len(pages)


def take_in_again(browser: CarefulClient, where: str) -> str:
    asked = {"column.login": "0", "column.name": "1", "column.role": "2", "column.district": "3"}
    return browser.arrive(f"{where}/check", asked, START).get_data(as_text=True)
