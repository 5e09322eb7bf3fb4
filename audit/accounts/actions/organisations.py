"""The register of organisations."""

from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from audit.core.actors import Actor, May, Role
from audit.core.db import db
from audit.core.errors import Invalid, NotAllowed
from audit.core.ids import new_id
from audit.journal.actions import record

from ..models import Organisation, RoleGrant, User
from ..queries import ancestors
from ..rules import OrganisationDraft, OrganisationKind, covers
from .people import NOT_YOURS, authority

NAME_TAKEN = _("这个名称已经登记过。如果您看不到它，请联系市级管理员。")
CODE_TAKEN = _("这个统一社会信用代码已经登记过。如果您看不到那个单位，请联系市级管理员。")
IN_A_CIRCLE = _("不能选它自己或它的下属部门。")
STILL_PEOPLE = _("还有 %(count)s 个在用的账号属于它，请先停用，或改到别的单位。")
KEPT_BACK = "…"  # what the journal says of a mail address, which lies sealed
STILL_PARTS = _("还有 %(count)s 个在用的下属部门，请先停用它们。")


def add_organisation(
    name: str,
    kind: OrganisationKind,
    actor: Actor,
    district_code: str | None = None,
) -> Organisation:
    """The short way, for commands and tests."""
    return register_organisation(OrganisationDraft(name, kind, district_code), actor)


def register_organisation(draft: OrganisationDraft, actor: Actor) -> Organisation:
    """Raises `Invalid` for a name or code that is taken, `NotAllowed` outside one's districts."""
    _check(draft, authority(actor), None)
    organisation = Organisation(id=new_id(), active=True)
    _state(organisation, draft)
    db.session.add(organisation)
    db.session.flush()
    detail = {"name": draft.name, "kind": draft.kind}
    record(
        actor, "add", "organisation", organisation.id,
        district=draft.district_code, detail=detail,
    )  # fmt: skip
    return organisation


def edit_organisation(organisation: Organisation, draft: OrganisationDraft, actor: Actor) -> None:
    """State the facts anew; the journal keeps what they were. Who fixes for it moves with it."""
    giver = authority(actor)
    _must_cover(giver, organisation.district_code)
    _check(draft, giver, organisation)
    before = _stated(organisation)
    moved = organisation.district_code != draft.district_code
    _state(organisation, draft)
    db.session.flush()
    if moved:
        _move_people(organisation)
    after = _stated(organisation)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if "mail" in changed:
        changed["mail"] = [KEPT_BACK if one else None for one in changed["mail"]]
    if changed:
        record(
            actor, "edit", "organisation", organisation.id,
            district=organisation.district_code, detail=changed,
        )  # fmt: skip


def close_organisation(organisation: Organisation, actor: Actor, why: str) -> None:
    """Nothing new can be given to it. Raises `Invalid` while people or departments use it."""
    _must_cover(authority(actor), organisation.district_code)
    for counted, still in (
        (select(func.count()).where(User.organisation_id == organisation.id, User.active),
         STILL_PEOPLE),
        (select(func.count()).where(Organisation.parent_id == organisation.id,
                                    Organisation.active), STILL_PARTS),
    ):  # fmt: skip
        count = db.session.scalar(counted) or 0
        if count:
            text = str(still) % {"count": count}
            raise Invalid({"close": text}, text)
    _set_active(organisation, False, actor, why)


def reopen_organisation(organisation: Organisation, actor: Actor, why: str = "") -> None:
    _must_cover(authority(actor), organisation.district_code)
    _set_active(organisation, True, actor, why)


def _set_active(organisation: Organisation, active: bool, actor: Actor, why: str) -> None:
    organisation.active = active
    record(
        actor, "enable" if active else "disable", "organisation", organisation.id,
        district=organisation.district_code, why=why,
    )  # fmt: skip


def _check(draft: OrganisationDraft, giver: Actor, known: Organisation | None) -> None:
    _must_cover(giver, draft.district_code)
    problems: dict[str, object] = {}
    if _taken(Organisation.name == draft.name, known):
        problems["name"] = NAME_TAKEN
    if draft.credit_code and _taken(Organisation.credit_code == draft.credit_code, known):
        problems["credit_code"] = CODE_TAKEN
    if known is not None and draft.parent_id in _with_parts(known, draft.parent_id):
        problems["parent"] = IN_A_CIRCLE
    if problems:
        raise Invalid(problems)


def _with_parts(known: Organisation, parent_id: UUID | None) -> set[UUID | None]:
    """The parent, where it is the organisation itself or stands below it."""
    if parent_id is None or known.id not in ancestors(parent_id):
        return set()
    return {parent_id}


def _taken(same: object, known: Organisation | None) -> bool:
    query = select(Organisation.id).where(same)  # type: ignore[arg-type]
    if known is not None:
        query = query.where(Organisation.id != known.id)
    return db.session.scalar(query) is not None


def _must_cover(giver: Actor, district: str | None) -> None:
    if not covers(giver, May.MANAGE_ORGANISATIONS, district):
        raise NotAllowed(NOT_YOURS)


def _move_people(organisation: Organisation) -> None:
    rows = db.session.scalars(
        select(RoleGrant)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.organisation_id == organisation.id, RoleGrant.role == Role.ORGANISATION)
    )
    moved: set[UUID] = set()
    for grant in rows.all():
        if grant.user_id in moved:
            db.session.delete(grant)  # the same role at the same place
        grant.district_code = organisation.district_code
        moved.add(grant.user_id)
    db.session.flush()


def _state(organisation: Organisation, draft: OrganisationDraft) -> None:
    organisation.name, organisation.kind = draft.name, draft.kind
    organisation.district_code, organisation.parent_id = draft.district_code, draft.parent_id
    organisation.credit_code = draft.credit_code
    organisation.phone, organisation.address = draft.phone, draft.address
    organisation.mail = draft.mail


def _stated(organisation: Organisation) -> dict[str, object]:
    names = (
        "name",
        "kind",
        "district_code",
        "parent_id",
        "credit_code",
        "phone",
        "address",
        "mail",
    )
    return {
        name: None if value in (None, "") else str(value)
        for name, value in ((name, getattr(organisation, name)) for name in names)
    }
