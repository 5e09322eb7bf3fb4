"""How a place leaves the register, comes back, or turns out to be another; and its plate."""

from http import HTTPStatus
from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.findings.actions import move_findings
from audit.findings.queries import count_open_at, findings_at
from audit.inspections.actions import move_inspections
from audit.inspections.queries import filed_at, rechecks_among
from audit.measures.actions import hand_over
from audit.web.access import current_actor, needs
from audit.web.addresses import is_local, own_address
from audit.web.fields import one_line, paragraphs

from .. import actions, queries
from ..models import Facility
from ..rules import KINDS, FacilityKind

bp = Blueprint("register", __name__)
LONGEST_WHY = 500


@bp.get("/f/<string(maxlength=24):plate_number>")
@needs(May.SEE_FACILITIES)
def by_number(plate_number: str) -> ResponseReturnValue:
    """The address on a plate. One that was merged leads to where it went."""
    found = queries.find_by_number(plate_number, current_actor())
    if found is None:
        raise NotFound
    where = found.merged_into_id or found.id
    return redirect(url_for("facilities.show", facility_id=where), HTTPStatus.SEE_OTHER)


@bp.get("/facilities/<uuid:facility_id>/plate")
@needs(May.SEE_FACILITIES)
def plate(facility_id: UUID) -> str:
    """A sign to print and fix at the place."""
    facility = queries.get_facility(facility_id, current_actor())
    address = own_address() + url_for(".by_number", plate_number=facility.number)
    code = segno.make(address, error="q", micro=False)
    return render_template(
        "facilities/plate.html",
        facility=facility,
        kind=KINDS[FacilityKind(facility.kind)],
        address=address,
        is_local=is_local(address),
        code=Markup(code.svg_inline(border=4, omitsize=True)),  # noqa: S704 drawn by segno
    )


@bp.route("/facilities/<uuid:facility_id>/retire", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def retire(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
    open_count = sum(count_open_at([facility_id]).get(facility_id, {}).values())
    why = paragraphs(request.form.get("why", ""))
    problems = why_problems(why) if request.method == "POST" else {}
    if request.method == "GET" or problems or open_count:
        page = render_template(
            "facilities/retire.html",
            facility=facility,
            open_count=open_count,
            why=why,
            problems=problems,
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    with transaction():
        facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
        actions.retire_facility(facility, actor, why)
    flash(_("设施已注销，历史都还在。"), "success")
    return redirect(url_for("facilities.show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


@bp.post("/facilities/<uuid:facility_id>/restore")
@needs(May.EDIT_FACILITY)
def restore(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
        actions.restore_facility(facility, actor)
    flash(_("设施已恢复登记。"), "success")
    return redirect(url_for("facilities.show", facility_id=facility_id), HTTPStatus.SEE_OTHER)


@bp.route("/facilities/<uuid:facility_id>/merge", methods=["GET", "POST"])
@needs(May.EDIT_FACILITY)
def merge(facility_id: UUID) -> ResponseReturnValue:
    """Two numbers of one place become one; or findings go to the part where they belong."""
    actor = current_actor()
    facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
    if request.method == "GET":
        return _merge_page(facility, actor, {})
    other = queries.find_by_number(_typed("other"), actor, May.EDIT_FACILITY)
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
    facility = queries.get_facility(facility_id, actor, May.EDIT_FACILITY)
    other = queries.get_facility(other_id, actor, May.EDIT_FACILITY)
    why = paragraphs(request.form.get("why", ""))
    found = findings_at(facility_id)
    if _typed("what") == "merge":
        move_findings(found, other, actor, why)
        move_inspections(filed_at(facility_id), other, actor, why)
        actions.merge_facility(facility, other, actor, why)
        hand_over(facility, other, actor)
    else:
        chosen = set(request.form.getlist("finding"))
        moved = [one for one in found if one.number in chosen]
        move_findings(moved, other, actor, why)
        move_inspections(rechecks_among(moved), other, actor, why)


def _were_one(facility: Facility, other: Facility) -> bool:
    """What was split can be put together again, though its parts are of two kinds."""
    return facility.split_from_id == other.id or other.split_from_id == facility.id


def _merge_problems(facility: Facility, other: Facility | None) -> dict[str, object]:
    problems: dict[str, object] = dict(why_problems(paragraphs(request.form.get("why", ""))))
    if other is None or not other.active:
        problems["other"] = _("没有这个编号，或者那一处不在您负责的区县内。")
    elif other.id == facility.id:
        problems["other"] = _("这就是同一个编号。请选另一处。")
    elif other.kind != facility.kind and not _were_one(facility, other):
        problems["other"] = _("两处的类别不同，不能合并，也不能移动问题。")
    if _typed("what") not in {"merge", "move"}:
        problems["what"] = _("请选一项。")
    elif _typed("what") == "move" and not request.form.getlist("finding"):
        problems["findings"] = _("请选出要移动的问题。")
    return problems


def _merge_page(
    facility: Facility, actor: Actor, problems: dict[str, object]
) -> ResponseReturnValue:
    page = render_template(
        "facilities/merge.html",
        facility=facility,
        near=queries.twins_of(facility, actor),
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


def why_problems(why: str) -> dict[str, str]:
    if not why:
        return {"why": _("请写明原因，别人以后要看得懂。")}
    if len(why) > LONGEST_WHY:
        return {"why": _("太长了，最多 %(most)s 个字。", most=LONGEST_WHY)}
    return {}


def _typed(name: str) -> str:
    return one_line(request.form.get(name, ""))
