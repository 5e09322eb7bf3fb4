"""What narrows a list, and what the journal says about a person or an organisation, in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.core.actors import Role
from audit.core.db import db
from audit.core.language import current_language
from audit.districts.models import District
from audit.journal.models import JournalEntry

from ..forms.typed import district_of
from ..models import Organisation
from ..rules import ORGANISATION_KINDS, ROLES, OrganisationKind

VERBS = {
    "add": lazy_gettext("登记"),
    "edit": lazy_gettext("修改资料"),
    "disable": lazy_gettext("停用"),
    "enable": lazy_gettext("恢复使用"),
    "grant": lazy_gettext("授予角色"),
    "revoke": lazy_gettext("取消角色"),
    "reset_password": lazy_gettext("发一次性密码"),
    "change_password": lazy_gettext("修改密码"),
    "sign_in": lazy_gettext("登录"),
    "sign_out": lazy_gettext("退出登录"),
    "login_failed": lazy_gettext("登录失败"),
}
NAMES = {
    "name": lazy_gettext("名称"),
    "kind": lazy_gettext("类别"),
    "district_code": lazy_gettext("归谁管理"),
    "parent_id": lazy_gettext("上级单位"),
    "organisation_id": lazy_gettext("所属单位"),
    "credit_code": lazy_gettext("统一社会信用代码"),
    "phone": lazy_gettext("电话"),
    "address": lazy_gettext("地址"),
    "mail": lazy_gettext("邮箱"),
}
STATES = {
    "active": lazy_gettext("在用"),
    "closed": lazy_gettext("已停用"),
    "code": lazy_gettext("还没有设自己的密码"),
}


@dataclass(frozen=True)
class Change:
    """One entry of the journal; `lines` say more about it."""

    title: object
    at: datetime
    who: str
    lines: tuple[str, ...]
    why: str


def changes_of(entries: Iterable[JournalEntry]) -> list[Change]:
    """In the order of the entries."""
    return [
        Change(
            VERBS.get(entry.verb, entry.verb),
            entry.at,
            entry.actor_name if entry.actor_id else str(_("系统")),
            tuple(_lines(entry)),
            entry.why,
        )
        for entry in entries
    ]


def _lines(entry: JournalEntry) -> list[str]:
    detail = entry.detail
    if entry.verb in {"grant", "revoke"}:
        return [role_text(detail["role"], detail["district"])]
    if entry.verb == "add" and "grants" in detail:
        return [role_text(role, district) for role, district in detail["grants"]]
    if entry.verb == "edit":
        return [_changed(name, *pair) for name, pair in detail.items()]
    return []


def role_text(role: str, district: str | None) -> str:
    """监督员（雁江区）"""
    named = ROLES[Role(role)].in_(current_language())
    return str(_("%(role)s（%(district)s）", role=named, district=_district(district)))


def _changed(name: str, before: object, after: object) -> str:
    return str(
        _(
            "%(name)s：%(before)s → %(after)s",
            name=NAMES.get(name, name),
            before=_shown(name, before),
            after=_shown(name, after),
        )
    )


def _shown(name: str, value: object) -> str:
    if name == "district_code":
        return _district(str(value) if value else None)
    if value is None:
        return str(_("未填"))
    return SHOWN.get(name, str)(str(value))


def _organisation(text: str) -> str:
    found = db.session.get(Organisation, UUID(text))
    return found.name if found else text


def _district(code: str | None) -> str:
    if code is None:
        return str(_("全市"))
    found = db.session.get(District, code)
    return found.title if found else code


def _kind(text: str) -> str:
    return ORGANISATION_KINDS[OrganisationKind(text)].in_(current_language())


SHOWN: dict[str, Callable[[str], str]] = {
    "organisation_id": _organisation,
    "parent_id": _organisation,
    "kind": _kind,
}


def organisation_in_form(control: str, text: str) -> str:
    """A value of an organisation's form in words."""
    if control == "district":
        return _district(district_of(text))
    return SHOWN.get({"parent": "parent_id"}.get(control, control), str)(text)


def person_in_form(control: str, text: str) -> str:
    return _organisation(text) if control == "organisation" else text


def say_organisation(name: str, value: str) -> str:
    """One condition of the address, in words; "" for what is none. Values have been checked."""
    if name == "kind" and value:
        return str(_("类别：%(kind)s", kind=_kind(value)))
    return _say(name, value)


def say_person(name: str, value: str) -> str:
    if name == "role" and value:
        return str(_("角色：%(role)s", role=ROLES[Role(value)].in_(current_language())))
    return _say(name, value)


def _say(name: str, value: str) -> str:
    return SAYS[name](value) if value and name in SAYS else ""


SAYS: dict[str, Callable[[str], str]] = {
    "q": lambda value: str(_("含“%(text)s”", text=value)),
    "district": lambda code: str(_("区县：%(name)s", name=_district(code))),
    "state": lambda state: str(STATES[state]),
}
