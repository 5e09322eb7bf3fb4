"""To withdraw a mistaken inspection: what becomes of what it found, and the reason."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.findings.actions import fates
from audit.web.access import current_actor, needs

from .. import queries
from ..actions.withdrawing import NOT_YOURS, may_withdraw, why_not_withdrawn, withdraw
from ..models import Inspection

bp = Blueprint("withdrawals", __name__, url_prefix="/inspections")


@bp.get("/<uuid:inspection_id>/withdraw")
@needs(May.INSPECT, May.CONFIRM)
def show(inspection_id: UUID) -> str:
    inspection, actor = queries.get_inspection(inspection_id, current_actor()), current_actor()
    if not may_withdraw(inspection, actor):
        raise NotAllowed(NOT_YOURS)
    return _page(inspection, {})


@bp.post("/<uuid:inspection_id>/withdraw")
@needs(May.INSPECT, May.CONFIRM)
def take(inspection_id: UUID) -> ResponseReturnValue:
    actor, why = current_actor(), request.form.get("why", "")
    try:
        with transaction():
            withdraw(queries.get_inspection(inspection_id, actor), actor, why)
    except Invalid as error:
        problems = {name: str(text) for name, text in error.problems.items()}
        again = queries.get_inspection(inspection_id, actor)
        return _page(again, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        again = queries.get_inspection(inspection_id, actor)
        return _page(again, {}, str(error.message)), HTTPStatus.CONFLICT
    flash(_("检查已撤回。内容和原因都保留，不再计入统计。"), "success")
    return redirect(url_for("inspections.show", inspection_id=inspection_id), HTTPStatus.SEE_OTHER)


def _page(inspection: Inspection, problems: Mapping[str, str], conflict: str = "") -> str:
    found = fates(queries.findings_of(inspection.id))
    return render_template(
        "inspections/withdraw.html",
        inspection=inspection,
        found=found,
        hindered=why_not_withdrawn(inspection, found),
        problems=problems,
        conflict=conflict,
        why=request.form.get("why", ""),
    )
