"""Who acts by a link."""

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.errors import Invalid

from ..models import LinkUse
from ..rules import MOST_NAME, is_phone, organisation_actor, signed_name
from .noting import note


def actor_of(use: LinkUse) -> Actor:
    assignment = use.link.assignment
    name = signed_name(use.signer_name, assignment.organisation.name, assignment.number)
    return organisation_actor(assignment.id, name, assignment.organisation_id)


def confirm_receipt(use: LinkUse, name: str, phone: str) -> None:
    """Whoever signs answers from this browser from now on; the first to sign has confirmed the
    receipt. Raises `Invalid`."""
    problems: dict[str, object] = {}
    if not 2 <= len(name) <= MOST_NAME:
        problems["name"] = _("请写真实姓名，2 到 %(most)s 个字。", most=MOST_NAME)
    if not is_phone(phone):
        problems["phone"] = _("请写能打通的电话，如 028-26110000 或手机号。")
    if problems:
        raise Invalid(problems)
    use.signer_name, use.signer_phone = name, phone
    assignment = use.link.assignment
    if assignment.confirmed_at is None:
        assignment.confirmed_at, assignment.signer_name, assignment.signer_phone = (
            now(),
            name,
            phone,
        )
        note(assignment, "confirm_receipt", actor_of(use))
    else:
        note(assignment, "sign", actor_of(use))
