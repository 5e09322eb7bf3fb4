"""A table of new accounts: what its columns hold and what is decided about each row. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from audit.core.actors import Role
from audit.core.text import Text
from audit.tables.columns import Field

from .people import PersonDraft
from .words import ROLES

MOST_PEOPLE = 2000
SEPARATORS = "、,，;；/|\n"

FIELDS: Mapping[str, Field] = {
    "login": Field(
        Text("登录名", "Login name"), ("登录名", "账号", "用户名", "手机号", "手机号码", "手机",
                                    "login", "loginname", "username", "account", "mobile")
    ),
    "name": Field(Text("姓名", "Name"), ("姓名", "名字", "人员", "name", "fullname")),
    "role": Field(Text("角色", "Role"), ("角色", "身份", "岗位", "role", "roles")),
    "district": Field(
        Text("区县", "District"), ("区县", "县区", "负责的区县", "范围", "district", "county")
    ),
    "organisation": Field(
        Text("所属单位", "Organisation"),
        ("单位", "所属单位", "单位名称", "工作单位", "organisation", "organization", "unit"),
    ),
}  # fmt: skip
REQUIRED = ("login", "name")


@dataclass(frozen=True)
class Plan:
    """How a table is to be read. `columns`: field → place of its column, from 0. The others stand
    for rows that name none."""

    columns: Mapping[str, int] = field(default_factory=dict)
    role: str = ""
    district: str = ""
    organisation: str = ""


class RowState(StrEnum):
    GOOD = "good"
    BAD = "bad"
    THERE = "there"  # the account exists already, just like this


@dataclass(frozen=True)
class TriedRow:
    """`problems`: field → sentence; `notes`: what to look at, though it is no fault."""

    line: int
    login: str
    name: str
    state: RowState
    draft: PersonDraft | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """An account that is there. Of one that the reader may not see only the login is told."""

    login: str
    name: str = ""
    organisation_id: UUID | None = None
    is_seen: bool = False


def split(text: str) -> list[str]:
    """Several things in one cell."""
    for sign in SEPARATORS:
        text = text.replace(sign, "\n")
    return [part.strip() for part in text.split("\n") if part.strip()]


def role_named(text: str) -> Role | None:
    """A role by its code or by its name in either language."""
    wanted = text.strip().lower()
    for role, title in ROLES.items():
        if wanted in {role.value, title.zh.lower(), title.en.lower(), _short(title.zh)}:
            return role
    return None


def _short(title: str) -> str:
    """检察机关（只读） is 检察机关 to most."""
    return title.partition("（")[0].lower()


def looks_like_formula(text: str) -> bool:
    return text[:1] in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
