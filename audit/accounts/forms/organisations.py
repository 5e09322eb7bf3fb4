"""An organisation as a person types it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.actors import Actor, May
from audit.core.errors import NotFound
from audit.districts.models import District
from audit.districts.queries import responsible_districts
from audit.web.fields import mail_problem, one_line, plain_digits
from audit.web.filters import page_number

from ..models import Organisation
from ..queries import OrganisationFilter, choosable
from ..rules import OrganisationDraft, OrganisationKind, is_credit_code
from .typed import CITY, Typed, district_of, lines

STATES = {"": None, "active": True, "closed": False}


@dataclass
class OrganisationForm(Typed):
    draft: OrganisationDraft | None = None


def form_of_organisation(organisation: Organisation) -> OrganisationForm:
    return OrganisationForm(
        {
            "name": organisation.name,
            "kind": organisation.kind.value,
            "district": organisation.district_code or CITY,
            "parent": str(organisation.parent_id or ""),
            "credit_code": organisation.credit_code or "",
            "phone": organisation.phone,
            "address": organisation.address,
            "mail": organisation.mail,
        }
    )


def own_districts(actor: Actor) -> list[District]:
    """Where this person may register organisations, short of the whole city."""
    codes = actor.districts_for(May.MANAGE_ORGANISATIONS)
    return [one for one in responsible_districts() if codes is None or one.code in codes]


def covers_city(actor: Actor) -> bool:
    may = May.MANAGE_ORGANISATIONS
    return actor.may(may) and actor.districts_for(may) is None


def parse_organisation(sent: MultiDict[str, str], actor: Actor) -> OrganisationForm:
    """`draft` is set when there are no problems."""
    form = OrganisationForm(lines(sent))
    places = [one.code for one in own_districts(actor)] + [CITY] * covers_city(actor)
    above = {str(one.id): one.id for one in choosable(actor, May.SEE_ORGANISATIONS)}
    kind = form.choice("kind", [one.value for one in OrganisationKind])
    draft = OrganisationDraft(
        name=form.text("name", 120, required=True),
        kind=OrganisationKind(kind or OrganisationKind.OWNER),
        district_code=district_of(form.choice("district", places)),
        parent_id=above.get(form.choice("parent", above, required=False)),
        credit_code=_credit_code(form),
        phone=form.text("phone", 60),
        address=form.text("address", 200),
        mail=_mail(form),
    )
    form.draft = None if form.problems else draft
    return form


def _credit_code(form: OrganisationForm) -> str | None:
    text = plain_digits(form.value("credit_code")).upper()
    if text and not is_credit_code(text):
        form.problems["credit_code"] = _(
            "这不是有效的统一社会信用代码。它有 18 位，请照营业执照或法人证书核对。"
        )
    return text or None


def _mail(form: OrganisationForm) -> str:
    text = plain_digits(form.value("mail"))
    if text and mail_problem(text):
        form.problems["mail"] = _("这不是邮箱地址。请填如 wang@example.cn 的地址，或者留空。")
    return text


def parse_filter(args: MultiDict[str, str]) -> OrganisationFilter:
    """`q`, `kind`, `district`, `state`, `page`. Raises `NotFound` for values that do not exist."""
    try:
        return OrganisationFilter(
            text=one_line(args.get("q", "")[:100]),
            kind=OrganisationKind(args["kind"]) if args.get("kind") else None,
            district=args.get("district", "")[:12],
            active=STATES[args.get("state", "")],
            page=page_number(args),
        )
    except (ValueError, KeyError) as error:
        raise NotFound from error
