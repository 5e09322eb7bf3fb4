"""Tables of people as attackers send them."""

import io
import zipfile
from collections.abc import Callable

from flask import Flask

from audit.accounts.models import PeopleImport
from audit.core.db import db
from tests.accounts.lists import HEAD, LIST, START, SignIn, logins, looked_at, upload


def bomb() -> bytes:
    """Two hundred megabytes of nothing in a file of two hundred kilobytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    return file.getvalue()


def many() -> bytes:
    rows = [f"x{n},李明,监督员,雁江区," for n in range(2001)]
    return "\n".join([HEAD, *rows]).encode()


HOSTILE: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("nothing", lambda: b"", "没有数据"),
    ("a header alone", HEAD.encode, "没有数据"),
    ("an old XLS", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "XLS"),
    ("a picture", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 600, "只能读取 CSV 和 XLSX"),
    ("too big", lambda: b"a" * 20_000_001, "文件过大"),
    ("too many", many, "最多 2000 行"),
    ("a bomb", bomb, "展开后过大"),
    ("no zip after all", lambda: b"PK\x03\x04" + b"x" * 500, "已损坏"),
    ("Big5", lambda: "登錄名,姓名,區縣\nliming,李國華,雁江區\n".encode("big5"), "文字编码无法识别"),
    ("damaged UTF-8", lambda: LIST.encode()[:30] + b"\xe7" + LIST.encode()[31:], "编码无法识别"),
    ("UTF-16", lambda: LIST.encode("utf-16"), "文字编码无法识别"),
    ("zeros", lambda: b"login,name\nx\0y,z\n", "文字编码无法识别"),
    ("an open quote", f'{HEAD}\n"liming,李明\n'.encode, "引号不配对"),
)


def test_hostile_files_are_refused_with_their_reason(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    before = logins(app)
    for name, raw, said in HOSTILE:
        where, refused = upload(browser, raw(), "名单.xlsx")
        assert not where and said in refused, name
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(PeopleImport)) == 0
    assert logins(app) == before


def test_a_page_shows_what_it_was_sent_as_text(signed_in: SignIn) -> None:
    browser = signed_in("coordinator")
    row = "<script>alert(1)</script>,{{1337*1337}}<img src=x onerror=1>,<b>王</b>,<i>,<u>"
    where, _said = upload(browser, f"{HEAD}\n{row}\n".encode(), "<svg onload=1>.csv")
    page = looked_at(browser, where)
    assert "<script>alert(1)" not in page and "<img src=x" not in page and "1787569" not in page
    assert "&lt;svg onload=1&gt;" in page


def test_who_manages_nobody_imports_nobody(signed_in: SignIn) -> None:
    for role in ("supervisor", "department", "auditor", "planner"):
        browser = signed_in(role, district=None)
        assert browser.get(START).status_code == 403
        assert browser.get(f"{START}template.xlsx").status_code == 403
