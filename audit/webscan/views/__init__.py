import re
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.facilities.queries import get_facility
from audit.findings.models import Finding
from audit.photos.rules import original_key
from audit.web.access import current_actor, needs

from .. import actions, queries
from ..models import Scan, ScanState
from ..rules import messages
from ..rules.messages import Part
from ..rules.results import Kind
from ..rules.titles import rule_title
from .progress import is_nobody_there, say_progress

bp = Blueprint("webscan", __name__, url_prefix="/scans")
HASH = re.compile(r"[0-9a-f]{64}")


@bp.get("/")
@needs(May.SEE_SCANS)
def index() -> str:
    return render_template("webscan/index.html", scans=queries.list_scans(current_actor()))


@bp.post("/of/<uuid:facility_id>")
@needs(May.REQUEST_SCAN)
def request_scan(facility_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with transaction():
        facility = get_facility(facility_id, actor, May.REQUEST_SCAN)
        scan_id = actions.request_scan(facility, actor).id
    flash(_("已开始扫描，结果会逐页出现。"), "success")
    return redirect(url_for(".show", scan_id=scan_id), HTTPStatus.SEE_OTHER)


@bp.get("/<uuid:scan_id>")
@needs(May.SEE_SCANS)
def show(scan_id: UUID) -> str:
    scan = queries.get_scan(scan_id, current_actor(), with_results=True)
    found = queries.rules_found(scan)
    return render_template(
        "webscan/show.html",
        scan=scan,
        violations=[one for one in found if one.kind is Kind.VIOLATION],
        questions=[one for one in found if one.kind is Kind.QUESTION],
        changes=queries.changes_of(scan) if scan.state is ScanState.DONE else {},
        before=queries.find_scan_before(scan) if scan.seen else None,
        findings=queries.open_findings_of_scans(scan.facility_id),
        rejected=queries.rejected_rules(scan.facility_id),
        rule_title=rule_title,
        progress=say_progress(scan),
        is_nobody_there=is_nobody_there(scan),
    )


@bp.get("/<uuid:scan_id>/progress")
@needs(May.SEE_SCANS)
def progress(scan_id: UUID) -> Response:
    """For the script that keeps the page of a scan under way fresh."""
    scan = queries.get_scan(scan_id, current_actor())
    return jsonify(text=say_progress(scan), is_under_way=scan.is_under_way)


@bp.get("/<uuid:scan_id>/<string(length=64):digest>.png")
@needs(May.SEE_SCANS, May.SEE_FINDINGS)
def picture(scan_id: UUID, digest: str) -> Response:
    """A picture of an element, to those who may see its scan."""
    scan = queries.get_scan(scan_id, current_actor())
    if not HASH.fullmatch(digest) or not queries.has_picture(scan, digest):
        raise NotFound
    try:
        with actions.picture_storage().open(original_key(digest)) as file:
            answer = Response(file.read(), mimetype="image/png")
    except FileNotFoundError as error:
        raise NotFound from error
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@bp.app_template_global()
def scans_of(facility_id: UUID) -> list[Scan]:
    return list(queries.scans_of(facility_id))


@bp.app_template_global()
def parts_of(message: str) -> list[Part]:
    return messages.parts_of(message)


@bp.app_template_global()
def recheck_of(finding: Finding) -> queries.Recheck:
    return queries.recheck_of(finding)


@bp.app_template_global()
def scan_results_of(finding: Finding) -> queries.Latest:
    """What the latest scan shows of a finding's rule."""
    return queries.find_latest_results(
        finding.facility_id, finding.rule_id.removeprefix(queries.PREFIX)
    )
