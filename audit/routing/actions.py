from flask_babel import lazy_gettext as _

from audit.accounts.models import Organisation
from audit.accounts.rules import OrganisationKind, covers
from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Invalid, NotAllowed
from audit.journal.actions import record

from .models import RouteChange
from .queries import route_table
from .rules import PARTS, Route, Scope


def choose_route(scope: Scope, route: Route | None, why: str, actor: Actor) -> bool:
    """From now on findings of this scope go this way; None takes the route back. What is confirmed
    already stays where it is. Returns whether anything changed. Raises `NotAllowed`, and
    `Invalid` for an organisation that cannot be chosen."""
    if not covers(actor, May.CHOOSE_SETTINGS, None):
        raise NotAllowed
    if route is not None:
        _check(route)
    if route_table().routes.get(scope) == route:
        return False
    row = RouteChange(
        district=scope.district, kind=scope.kind, defect=scope.defect,
        department_id=route.department_id if route else None,
        organisation_id=route.organisation_id if route else None,
        at=now(), actor_id=actor.id, actor_name=actor.name, why=why,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    told: dict[str, object] = {name: getattr(scope, name) for name in PARTS}
    told["department_id"] = str(route.department_id) if route else None
    told["organisation_id"] = str(row.organisation_id) if row.organisation_id else None
    record(actor, "choose", "route", str(row.seq), why=why, detail=told)
    return True


def _check(route: Route) -> None:
    department = db.session.get(Organisation, route.department_id)
    problems: dict[str, object] = {}
    if (
        department is None
        or not department.active
        or department.kind is not OrganisationKind.DEPARTMENT
    ):
        problems["department"] = _("请从列表中选一个主管部门。")
    if route.organisation_id is not None:
        fixer = db.session.get(Organisation, route.organisation_id)
        if fixer is None or not fixer.active:
            problems["organisation"] = _("请从列表中选一个单位，或留空。")
    if problems:
        raise Invalid(problems)
