"""A table of new accounts, row by row through the rules of the form for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from audit.core.actors import Actor, Role
from audit.core.language import current_language
from audit.tables.reading import Row
from audit.web.fields import one_line

from ..models import Organisation
from ..queries import standing_accounts
from ..rules import RoleAt, may_grant, stand_together
from ..rules.importing import (
    FIELDS,
    REQUIRED,
    Plan,
    RowState,
    Standing,
    TriedRow,
    looks_like_formula,
    role_named,
    split,
)
from ..rules.people import PersonDraft
from .people import Choices, PersonForm, choices_of, read_login
from .typed import CITY, district_of

WHOLE_CITY = {"全市", "city", "whole city", "全部"}


def parse_plan(sent: Mapping[str, str], columns: Sequence[str]) -> tuple[Plan, dict[str, str]]:
    """From `column.login=0…` and what stands for rows that name none; and what is missing."""
    places = {name: _place(sent.get(f"column.{name}", ""), len(columns)) for name in FIELDS}
    kept = {name: place for name, place in places.items() if place is not None}
    plan = Plan(kept, *(sent.get(name, "") for name in ("role", "district", "organisation")))
    problems = {f"column.{name}": _("请指出这一列。") for name in REQUIRED if name not in kept}
    if "role" not in kept and not plan.role:
        problems["column.role"] = _("请指出这一列，或在下面选一个统一的角色。")
    doubled = [name for name, place in kept.items() if list(kept.values()).count(place) > 1]
    for name in doubled[1:]:
        problems[f"column.{name}"] = _("这一列已经用作别的内容。")
    return plan, problems


def _place(text: str, columns: int) -> int | None:
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else columns
    return place if place < columns else None


def try_rows(rows: Sequence[Row], plan: Plan, actor: Actor) -> list[TriedRow]:
    """Each row in its order; nothing is changed."""
    return _Reader(plan, actor, [_cell(row, plan, "login").lower() for row in rows]).read(rows)


def _cell(row: Row, plan: Plan, name: str) -> str:
    place = plan.columns.get(name)
    return "" if place is None else one_line(row.cells[place])


@dataclass
class _Reader:
    plan: Plan
    actor: Actor
    logins: Sequence[str]
    choices: Choices = field(init=False)
    standing: Mapping[str, Standing] = field(init=False)
    districts: Mapping[str, str] = field(init=False)
    organisations: Mapping[str, Organisation] = field(init=False)

    def __post_init__(self) -> None:
        self.choices = choices_of(self.actor)
        self.standing = standing_accounts(self.logins, self.actor)
        self.districts = {
            name.lower(): one.code
            for one in self.choices.districts
            for name in (one.code, one.name, one.name_en, one.name.rstrip("区县市"))
            if name
        }
        self.organisations = {
            key.lower(): one
            for one in self.choices.organisations
            for key in (str(one.id), one.name, one.credit_code or "")
            if key
        }

    def read(self, rows: Sequence[Row]) -> list[TriedRow]:
        seen: dict[str, int] = {}
        names: dict[tuple[str, object], int] = {}
        tried = []
        for row in rows:
            one = self._row(row, seen, names)
            seen.setdefault(one.login, row.line)
            tried.append(one)
        return tried

    def _row(
        self, row: Row, seen: Mapping[str, int], names: dict[tuple[str, object], int]
    ) -> TriedRow:
        form = PersonForm({name: self._said(row, name) for name in FIELDS})
        login = read_login(form)
        name = form.text("name", 60, required=True)
        if looks_like_formula(name):
            form.problems["name"] = _("姓名不能以 = + - @ 开头。表格里的公式请先粘贴为数值。")
        organisation = self._organisation(form)
        roles = self._roles(form, organisation)
        if login in seen and "login" not in form.problems:
            form.problems["login"] = _("与第 %(line)s 行的登录名相同。", line=seen[login])
        if row.overflows:
            form.problems["row"] = _("这一行比表头多出了内容，请检查是否错列。")
        draft = PersonDraft(login, name, tuple(roles), organisation.id if organisation else None)
        state = self._state(form, draft)
        notes = self._notes(draft, row.line, names) if state is RowState.GOOD else ()
        return TriedRow(
            row.line, login, name, state, draft if state is RowState.GOOD else None,
            dict(form.problems), notes,
        )  # fmt: skip

    def _said(self, row: Row, name: str) -> str:
        return _cell(row, self.plan, name) or one_line(getattr(self.plan, name, ""))

    def _state(self, form: PersonForm, draft: PersonDraft) -> RowState:
        known = self.standing.get(draft.login)
        if known is None:
            return RowState.BAD if form.problems else RowState.GOOD
        if known.is_seen and (known.name, known.organisation_id) == (
            draft.name, draft.organisation_id,
        ):  # fmt: skip
            form.problems.clear()
            return RowState.THERE
        form.problems["login"] = _("这个登录名已经有人使用。")
        return RowState.BAD

    def _notes(
        self, draft: PersonDraft, line: int, names: dict[tuple[str, object], int]
    ) -> tuple[str, ...]:
        """People of one name in one place may be one person twice."""
        same = (draft.name, draft.organisation_id)
        notes = []
        if same in names:
            notes.append(_("与第 %(line)s 行同名。", line=names[same]))
        names.setdefault(same, line)
        for one in self.standing.values():
            if one.is_seen and one.name == draft.name:
                notes.append(_("已有同名的账号：%(login)s。", login=one.login))
        return tuple(notes)

    def _organisation(self, form: PersonForm) -> Organisation | None:
        text = form.value("organisation")
        if not text:
            return None
        found = self.organisations.get(text.lower())
        if found is None:
            form.problems["organisation"] = _(
                "没有叫“%(text)s”的在用单位归您管理。请先登记它，或改成登记的全称。",
                text=text[:40],
            )
        return found

    def _roles(self, form: PersonForm, organisation: Organisation | None) -> list[RoleAt]:
        """Each role in each district; who fixes stands where the organisation does."""
        roles = self._named_roles(form)
        places = self._places(form) if any(one is not Role.ORGANISATION for one in roles) else []
        wanted: list[RoleAt] = []
        for role in roles:
            if role is not Role.ORGANISATION:
                wanted += [RoleAt(role, place) for place in places]
            elif organisation is not None:
                wanted.append(RoleAt(role, organisation.district_code))
            else:
                form.problems.setdefault("organisation", _("整改单位的账号必须属于一个单位。"))
        for one in wanted:
            if not may_grant(self.actor, one):
                form.problems.setdefault("role", _("您不能在这个范围授予这个角色。"))
        if not stand_together(roles):
            form.problems["role"] = _("系统管理员、安全管理员和审计员要各用单独的账号。")
        return list(dict.fromkeys(wanted))

    def _named_roles(self, form: PersonForm) -> list[Role]:
        roles = []
        for text in split(form.value("role")):
            role = role_named(text)
            if role is None:
                form.problems["role"] = _("没有“%(text)s”这个角色。", text=text[:40])
            else:
                roles.append(role)
        if not roles:
            form.problems.setdefault("role", _("请填写角色，例如监督员。"))
        return roles

    def _places(self, form: PersonForm) -> list[str | None]:
        places: list[str | None] = []
        for text in split(form.value("district")):
            word = text.lower()
            code = CITY if word in WHOLE_CITY else self.districts.get(word)
            if code is None or (code == CITY and not self.choices.city):
                form.problems["district"] = _("“%(text)s”不是您负责的区县。", text=text[:40])
            else:
                places.append(district_of(code))
        if not places:
            form.problems.setdefault("district", _("请填写区县；管全市的写“全市”。"))
        return places


def plan_query(plan: Plan) -> dict[str, Any]:
    """The plan as it stands in an address."""
    found = {f"column.{name}": str(place) for name, place in plan.columns.items()}
    for name in ("role", "district", "organisation"):
        if getattr(plan, name):
            found[name] = getattr(plan, name)
    return found


def field_title(name: str) -> str:
    if name == "row":
        return str(_("整行"))
    return FIELDS[name].title.in_(current_language())
