"""The questions of an edition as the page asks them, for a device to keep."""

from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from audit.checklists.loader import UnknownChecklist, get_checklist
from audit.checklists.rules import Checklist
from audit.checklists.rules.confirming import with_confirmed
from audit.core.actors import May
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.inspections.forms import InspectionForm
from audit.inspections.views.page import FormPage
from audit.standards.queries import confirmed_keys
from audit.web.access import needs

NAMED = "<string(maxlength=80):checklist_id>/<string(maxlength=20):edition>"
bp = Blueprint("sync_lists", __name__, url_prefix="/capture")


@bp.get(f"/<any(zh, en):language>/lists/{NAMED}")
@needs(May.INSPECT, May.RECHECK)
def show(language: str, checklist_id: str, edition: str) -> ResponseReturnValue:
    """A piece of a page, for a place of which nothing is known: every item, with its conditions."""
    try:
        checklist = get_checklist(checklist_id, edition)
    except UnknownChecklist as error:
        raise NotFound from error
    checklist = with_confirmed(checklist, confirmed_keys())
    html = render_template("inspections/list.html", page=_blank(checklist), language=language)
    answer = jsonify({"html": html})
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _blank(checklist: Checklist) -> FormPage:
    """`facility` is no row: a form is of some place."""
    nowhere = Facility(kind=FacilityKind.BUILDING, facts={})
    form = InspectionForm(typed={})
    return FormPage(nowhere, checklist, checklist.items, None, form, UUID(int=0), [])
