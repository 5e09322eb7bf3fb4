"""What a new city still lacks, in words, with the way to each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from audit.accounts.rules import ORGANISATION_KINDS, ROLES, OrganisationKind
from audit.core.actors import Actor, Role
from audit.core.language import current_language

from ..queries import standing
from ..rules import FirstStep, Standing, Step, steps_of_administrator, steps_of_security


@dataclass(frozen=True)
class ShownStep:
    title: str
    url: str
    note: str
    done: bool


def first_steps(actor: Actor) -> list[ShownStep]:
    """Empty once nothing is lacking, and for everybody who cannot help."""
    wanted = {Role.ADMINISTRATOR: steps_of_administrator, Role.SECURITY: steps_of_security}
    mine = [make for role, make in wanted.items() if role in actor.roles()]
    if not mine:
        return []
    there = standing()
    steps = [one for make in mine for one in make(there)]
    if all(one.done for one in steps):
        return []
    return [_shown(one, there) for one in steps]


def _shown(one: FirstStep, there: Standing) -> ShownStep:
    title, url, note = SHOWN[one.step](one, there)
    return ShownStep(str(title), url, note, one.done)


Words = tuple[object, str, str]


def _districts(one: FirstStep, there: Standing) -> Words:
    said = [_("已有 %(count)s 个区县。", count=one.count)]
    made_up = there.sample_districts
    if made_up:
        said.append(_("其中 %(count)s 个片区的轮廓是示例，正式使用前请换成真实的。", count=made_up))
    return _("装入区县"), url_for("maps.show"), _joined(said)


def _organisations(one: FirstStep, _there: Standing) -> Words:
    kind = one.lacking[0].value if one.lacking else None
    url = url_for("organisations.new", kind=kind) if kind else url_for("organisations.index")
    return _("登记单位"), url, _note(one)


def _people(one: FirstStep, there: Standing) -> Words:
    role = one.lacking[0].value if one.lacking else None
    url = url_for("people.new", role=role) if role else url_for("people.index")
    title = _("新建账号") if one.step is Step.PEOPLE else _("配齐三种管理员")
    return title, url, _note(one, there.unused)


def _facilities(one: FirstStep, _there: Standing) -> Words:
    note = _("登记第一处，或从表格导入。")
    if one.count:
        note = _("已登记 %(count)s 处。", count=one.count)
    return _("登记设施"), url_for("facilities.choose_kind"), str(note)


SHOWN: Mapping[Step, Callable[[FirstStep, Standing], Words]] = {
    Step.DISTRICTS: _districts,
    Step.ORGANISATIONS: _organisations,
    Step.PEOPLE: _people,
    Step.WATCH: _people,
    Step.FACILITIES: _facilities,
}


def _note(one: FirstStep, unused: int = 0) -> str:
    if not one.lacking:
        said = [_("已有 %(count)s 个。", count=one.count)]
        if unused:
            said.append(_("%(count)s 人还没有第一次登录。", count=unused))
        return _joined(said)
    named = str(_("、")).join(_named(each) for each in one.lacking)
    said = [_("还缺：%(what)s。", what=named)]
    if Role.SUPERVISOR in one.lacking:
        said.append(_("监督员至少两位，自己查出的问题要由别人复查。"))
    if Role.SECURITY in one.lacking:
        said.append(_("安全管理员至少两位，谁也不能管理自己的账号。"))
    return _joined(said)


def _joined(sentences: list[str]) -> str:
    return (" " if current_language() == "en" else "").join(map(str, sentences))


def _named(one: OrganisationKind | Role) -> str:
    title = ROLES[one] if isinstance(one, Role) else ORGANISATION_KINDS[one]
    return title.in_(current_language())
