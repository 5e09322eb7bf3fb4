"""Inspections that a device sends when it has a network again. ARCHITECTURE.md has the contract.

What arrives goes the way of the page: the same visit, the same parsing, the same judging.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid
from audit.facilities.actions import OffRegister
from audit.inspections import queries
from audit.inspections.actions import OTHER_CONTENT, check_may_save, file_inspection, keep_draft
from audit.inspections.actions.receipts import check_order, keep_receipt
from audit.inspections.forms import InspectionForm, check_inspection, parse_inspection
from audit.inspections.models import Inspection
from audit.inspections.rules import Receipt, opens_finding
from audit.inspections.views.pictures import keep_own, name_pictures
from audit.inspections.views.visit import OVERTAKEN, Visit, filing_of, is_overtaken, sent_visit
from audit.photos.queries import own_photos
from audit.photos.uploads import sent_photo_id
from audit.web.access import current_actor, needs

from .reading import SentInspection, check_sender, read_inspection

EDITIONS_TAKEN_DAYS = 400  # a phone may have lain in a drawer for a year
bp = Blueprint("sync", __name__, url_prefix="/capture")


@dataclass
class Sitting:
    """One inspection in the course of being received."""

    id: UUID
    sent: SentInspection
    visit: Visit
    form: InspectionForm
    missing: list[str] = field(default_factory=list)


@bp.get("/me")
@needs(May.INSPECT, May.RECHECK)
def me() -> ResponseReturnValue:
    """Who is signed in, and the token that writing wants."""
    actor = current_actor()
    person = {"id": str(actor.id), "name": actor.name}
    return {"person": person, "csrf_token": generate_csrf()}


@bp.put("/<any(zh, en):language>/inspections/<uuid:inspection_id>")
@needs(May.INSPECT, May.RECHECK)
def put(inspection_id: UUID, language: str) -> ResponseReturnValue:
    """Keep what has come and, once all of it is there, file it. To repeat it changes nothing."""
    actor, sent = current_actor(), read_inspection()
    check_sender(actor)
    known = queries.find_inspection(inspection_id)
    if known is not None and (known.filed_at or known.inspector_id != actor.id):
        return _known(known, sent, actor)
    check_order(inspection_id, sent.delivery)
    sitting = _sitting(inspection_id, known, sent, actor)
    check_may_save(known, sitting.visit.facility, sitting.visit.verifies, actor)
    try:
        return _receive(sitting, actor)
    except Conflict:
        known = queries.find_inspection(inspection_id)
        if known is None or not known.filed_at:
            raise
        return _known(known, sent, actor)


def _known(known: Inspection, sent: SentInspection, actor: Actor) -> ResponseReturnValue:
    """The same again gives the same answer; anything else is kept for a person to look at."""
    for one in queries.receipts_of(known.id):
        is_same = one.digest == sent.delivery.digest and one.sender_id == actor.id
        if is_same and one.outcome is Receipt.FILED:
            return _filed(known.id, actor), HTTPStatus.OK
    with transaction():
        keep_receipt(known.id, sent.delivery, Receipt.CONFLICT, actor)
    return {"state": "conflict", "message": str(OTHER_CONTENT)}, HTTPStatus.CONFLICT


def _sitting(
    inspection_id: UUID, known: Inspection | None, sent: SentInspection, actor: Actor
) -> Sitting:
    visit = sent_visit(known, actor, sent.form, EDITIONS_TAKEN_DAYS)
    ids = {digest: sent_photo_id(actor, digest) for _item, digest in sent.photos}
    here = set(own_photos(list(ids.values()), actor))
    for item, digest in sent.photos:
        sent.form.add(f"kept.{item}", str(ids[digest]))
    form = parse_inspection(sent.form, visit.items)
    keep_own(form, actor)
    form.problems |= name_pictures(visit, form, inspection_id).refused
    missing = [digest for digest, photo_id in ids.items() if photo_id not in here]
    return Sitting(inspection_id, sent, visit, form, missing)


def _receive(sitting: Sitting, actor: Actor) -> ResponseReturnValue:
    visit, form, sent = sitting.visit, sitting.form, sitting.sent
    if sent.is_draft or sitting.missing:
        return _kept(sitting, actor, "draft" if sent.is_draft else "waiting", HTTPStatus.ACCEPTED)
    if is_overtaken(visit, sent.form):
        form.problems["edition"] = str(OVERTAKEN)
    check_inspection(
        form, visit.checklist, visit.items, visit.facility.judged_facts(), visit.ground
    )
    if not form.problems:
        try:
            with transaction():
                file_inspection(filing_of(visit, sitting.id, form, sent.form), actor)
                keep_receipt(sitting.id, sent.delivery, Receipt.FILED, actor)
            return _filed(sitting.id, actor), HTTPStatus.CREATED
        except OffRegister as gone:
            return _kept(sitting, actor, "refused", HTTPStatus.CONFLICT, str(gone.message))
        except Invalid as error:
            form.problems |= {name: str(text) for name, text in error.problems.items()}
    return _kept(sitting, actor, "problems", HTTPStatus.UNPROCESSABLE_ENTITY)


def _kept(
    sitting: Sitting, actor: Actor, state: str, status: HTTPStatus, message: str = ""
) -> ResponseReturnValue:
    """As a draft, so that nothing hangs on the device alone any more."""
    with transaction():
        filing = filing_of(sitting.visit, sitting.id, sitting.form, sitting.sent.form)
        keep_draft(filing, dict(sitting.form.typed), actor)
        keep_receipt(sitting.id, sitting.sent.delivery, Receipt.KEPT, actor)
    of = len({digest for _item, digest in sitting.sent.photos})
    photos = {"of": of, "here": of - len(sitting.missing), "missing": sitting.missing}
    told = {"state": state, "photos": photos, "message": message}
    return told | {"problems": sitting.form.problems}, status


def _filed(inspection_id: UUID, actor: Actor) -> dict[str, object]:
    """What was made of it, in figures; its page says the rest."""
    filed = queries.get_inspection(inspection_id, actor)
    verdicts = [one.verdict for one in filed.answers]
    failed = [one for one in filed.answers if opens_finding(one.verdict, one.outcome)]
    return {
        "state": "filed",
        "url": url_for("inspections.show", inspection_id=inspection_id),
        "failed": len(failed),
        "unsure": verdicts.count("second_look"),
        "passed": verdicts.count("pass"),
        "findings": [one.finding.number for one in failed if one.finding],
    }
