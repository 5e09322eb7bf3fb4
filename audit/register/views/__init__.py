"""How a place leaves the register, comes back, or turns out to be another."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid
from audit.facilities.actions import restore_facility
from audit.facilities.models import Facility
from audit.facilities.queries import find_by_number, get_facility, twins_of
from audit.findings.forms import why
from audit.findings.queries import count_open_at, findings_at
from audit.web.access import current_actor, needs
from audit.web.fields import one_line

from .. import actions
from ..queries import why_apart, why_problems

bp = Blueprint("register", __name__)


@bp.route("/facilities/<uuid:facility_id>/retire", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def retire(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    if request.method == "GET":
        return _retire_page(facility), HTTPStatus.OK
    try:
        with transaction():
            facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
            actions.retire(facility, actor, why(request.form))
    except (Invalid, Conflict) as refused:
        problems = refused.problems if isinstance(refused, Invalid) else {}
        return _retire_page(facility, problems), refused.status
    flash(_("设施已注销，历史都还在。"), "success")
    return redirect(url_for("facilities.show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


def _retire_page(facility: Facility, problems: Mapping[str, object] | None = None) -> str:
    return render_template(
        "register/retire.html",
        facility=facility,
        open_count=sum(count_open_at([facility.id]).get(facility.id, {}).values()),
        why=why(request.form),
        problems={name: str(text) for name, text in (problems or {}).items()},
    )


@bp.post("/facilities/<uuid:facility_id>/restore")
@needs(May.EDIT_FACILITY)
def restore(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
        restore_facility(facility, actor)
    flash(_("设施已恢复登记。"), "success")
    return redirect(url_for("facilities.show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


@bp.route("/facilities/<uuid:facility_id>/merge", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def merge(facility_id: UUID) -> ResponseReturnValue:
    """Two numbers of one place become one; or findings go to the part where they belong."""
    actor = current_actor()
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    if request.method == "GET":
        return _merge_page(facility, actor, {})
    other = find_by_number(_typed("other"), actor, May.EDIT_FACILITY)
    problems = _merge_problems(facility, other)
    if problems or other is None:
        return _merge_page(facility, actor, problems)
    try:
        with transaction():
            _merge(facility_id, other.id, actor)
    except Invalid as refused:
        return _merge_page(facility, actor, dict(refused.problems))
    flash(_("已办好，历史都还在。"), "success")
    return redirect(url_for("facilities.show", facility_id=other.id), HTTPStatus.SEE_OTHER)


def _merge(facility_id: UUID, other_id: UUID, actor: Actor) -> None:
    facility = get_facility(facility_id, actor, May.EDIT_FACILITY)
    other = get_facility(other_id, actor, May.EDIT_FACILITY)
    if _typed("what") == "merge":
        actions.merge(facility, other, actor, why(request.form))
    else:
        chosen = request.form.getlist("finding")
        actions.move(facility, other, chosen, actor, why(request.form))


def _merge_problems(facility: Facility, other: Facility | None) -> dict[str, object]:
    problems = why_problems(why(request.form))
    apart = why_apart(facility, other)
    if apart:
        problems["other"] = apart
    if _typed("what") not in {"merge", "move"}:
        problems["what"] = _("请选一项。")
    elif _typed("what") == "move" and not request.form.getlist("finding"):
        problems["findings"] = _("请选出要移动的问题。")
    return problems


def _merge_page(
    facility: Facility, actor: Actor, problems: dict[str, object]
) -> ResponseReturnValue:
    page = render_template(
        "register/merge.html",
        facility=facility,
        near=twins_of(facility, actor),
        findings=findings_at(facility.id),
        typed=_merge_typed(),
        chosen=request.form.getlist("finding"),
        problems={name: str(text) for name, text in problems.items()},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _merge_typed() -> dict[str, str]:
    """Where a twin was offered, its number stands in the address."""
    typed = {name: _typed(name) for name in ("other", "what", "why")}
    if request.method == "GET":
        offered = one_line(request.args.get("other", ""))[:24]
        typed |= {"other": offered, "what": "merge" if offered else ""}
    return typed


def _typed(name: str) -> str:
    return one_line(request.form.get(name, ""))
