"""A person as somebody types them, and what may be chosen by whom."""

from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.actors import Actor, May, Role
from audit.core.errors import NotFound
from audit.districts.models import District
from audit.districts.queries import responsible_districts
from audit.web.fields import one_line, plain_digits
from audit.web.filters import page_number

from ..models import Organisation, User
from ..queries import PeopleFilter, choosable
from ..rules import LOGIN, PersonDraft, RoleAt, grantable_roles, may_grant
from .typed import CITY, Typed, district_of, lines

STATES = ("", "active", "closed", "code")


@dataclass
class PersonForm(Typed):
    draft: PersonDraft | None = None


@dataclass(frozen=True)
class Choices:
    """What one person may choose for another. `city`: the whole city as well."""

    roles: list[Role]
    districts: list[District]
    city: bool
    organisations: list[Organisation]


def choices_of(actor: Actor) -> Choices:
    roles = grantable_roles(actor)
    return Choices(
        roles,
        [one for one in responsible_districts() if _gives_any(actor, roles, one.code)],
        _gives_any(actor, roles, None),
        list(choosable(actor, May.MANAGE_ORGANISATIONS)),
    )


def _gives_any(actor: Actor, roles: list[Role], district: str | None) -> bool:
    return any(may_grant(actor, RoleAt(role, district)) for role in roles)


def form_of_person(user: User) -> PersonForm:
    return PersonForm(
        {"login": user.login, "name": user.name, "organisation": str(user.organisation_id or "")}
    )


def parse_person(sent: MultiDict[str, str], actor: Actor) -> PersonForm:
    """A new account with its first role. `draft` is set when there are no problems."""
    form = PersonForm(lines(sent))
    choices = choices_of(actor)
    organisation = _organisation(form, choices)
    role = _role(form, choices, organisation, actor)
    draft = PersonDraft(
        login=read_login(form),
        name=form.text("name", 60, required=True),
        roles=(role,) if role else (),
        organisation_id=organisation.id if organisation else None,
    )
    form.draft = None if form.problems else draft
    return form


def parse_details(sent: MultiDict[str, str], user: User, actor: Actor) -> PersonForm:
    """Name and organisation of an account that is there."""
    form = PersonForm(lines(sent))
    choices = choices_of(actor)
    if user.organisation is not None and user.organisation not in choices.organisations:
        choices.organisations.append(user.organisation)
    organisation = _organisation(form, choices)
    name = form.text("name", 60, required=True)
    if not form.problems:
        form.draft = PersonDraft(
            user.login, name, tuple(user.roles()), organisation.id if organisation else None
        )
    return form


def parse_role(
    sent: MultiDict[str, str], user: User, actor: Actor
) -> tuple[PersonForm, RoleAt | None]:
    """One more role for an account that is there."""
    form = PersonForm(lines(sent))
    role = _role(form, choices_of(actor), user.organisation, actor)
    return form, None if form.problems else role


def read_login(form: PersonForm) -> str:
    login = plain_digits(form.value("login")).lower()
    if not LOGIN.fullmatch(login):
        form.problems["login"] = _(
            "登录名要 2 到 60 位，只用英文字母、数字和 . _ - @，例如 liming 或手机号码。"
        )
    return login


def _organisation(form: PersonForm, choices: Choices) -> Organisation | None:
    known = {str(one.id): one for one in choices.organisations}
    return known.get(form.choice("organisation", known, required=False))


def _role(
    form: PersonForm, choices: Choices, organisation: Organisation | None, actor: Actor
) -> RoleAt | None:
    """Who fixes acts where the organisation stands; everybody else where it is said."""
    chosen = form.choice("role", [one.value for one in choices.roles])
    if not chosen:
        return None
    if Role(chosen) is Role.ORGANISATION:
        return _fixer(form, organisation)
    places = [one.code for one in choices.districts] + [CITY] * choices.city
    place = form.choice("district", places)
    wanted = RoleAt(Role(chosen), district_of(place))
    if place and not may_grant(actor, wanted):
        form.problems["district"] = _("您不能在这个范围授予这个角色。")
    return wanted


def _fixer(form: PersonForm, organisation: Organisation | None) -> RoleAt | None:
    if organisation is None:
        form.problems["organisation"] = _("整改单位的账号必须属于一个单位。")
        return None
    return RoleAt(Role.ORGANISATION, organisation.district_code)


def parse_filter(args: MultiDict[str, str]) -> PeopleFilter:
    """`q`, `role`, `district`, `state`, `page`. Raises `NotFound` for values that do not exist."""
    if args.get("state", "") not in STATES:
        raise NotFound
    try:
        return PeopleFilter(
            text=one_line(args.get("q", "")[:100]),
            role=Role(args["role"]) if args.get("role") else None,
            district=args.get("district", "")[:12],
            state=args.get("state", ""),
            page=page_number(args),
        )
    except ValueError as error:
        raise NotFound from error
