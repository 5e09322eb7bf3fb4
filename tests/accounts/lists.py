"""Tables of people, sent and read as a browser does it."""

import io
import re
from collections.abc import Callable

import xlsxwriter
from flask import Flask

from audit.accounts.models import User
from audit.core.db import db
from audit.core.ids import new_id
from tests.careful import CarefulClient

SignIn = Callable[..., CarefulClient]
CODE = re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}\b")
START = "/people/import/"
HEAD = "登录名,姓名,角色,区县,单位"
LIST = f"{HEAD}\nliming,李明,监督员,雁江区,\n13800138000,王芳,supervisor,512002,\n"


def upload(browser: CarefulClient, raw: bytes, name: str = "名单.csv") -> tuple[str, str]:
    """(where the list is now, what was said where it was refused)"""
    where = f"{START}{new_id()}"
    answer = browser.send(where, {"file": (io.BytesIO(raw), name)}, START)
    if answer.status_code == 303:
        return where, ""
    assert answer.status_code == 422
    return "", answer.get_data(as_text=True)


def looked_at(browser: CarefulClient, where: str, **plan: str) -> str:
    """The page that says what each row would become."""
    asked = query_of(browser, where, plan)
    return browser.get(f"{where}/check", query_string=asked).get_data(as_text=True)


def query_of(browser: CarefulClient, where: str, plan: dict[str, str]) -> dict[str, str]:
    """What the form of the columns sends as it stands, with some of it chosen otherwise."""
    html = browser.get(f"{where}/columns").get_data(as_text=True)
    selects = re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL)
    chosen = {
        name: (re.findall(r'<option value="([^"]*)" selected', options) or [""])[0]
        for name, options in selects
    }
    return {**chosen, **plan}


def take_in(browser: CarefulClient, where: str, **plan: str) -> tuple[int, str]:
    asked = query_of(browser, where, plan)
    answer = browser.arrive(f"{where}/check", asked, f"{where}/columns")
    return answer.status_code, answer.get_data(as_text=True)


def logins(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(db.select(User.login)))


def xlsx(*rows: list[object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("人员")
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell)
    return file.getvalue()
