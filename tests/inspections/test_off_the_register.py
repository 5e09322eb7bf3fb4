"""A place that has left the register takes no new visit and no scan; nothing typed is lost."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.errors import Conflict
from audit.core.ids import new_id
from audit.facilities.actions.halves import retire_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from audit.inspections.models import Inspection
from audit.register.actions import merge
from audit.webscan.actions import request_scan
from audit.webscan.models import Scan
from tests.factories import Factory
from tests.inspections.conftest import BLIND, Visitor

Come = Callable[..., Visitor]
NARROW = {"wc-provision": ["male_stall", "female_stall"], "wc-stall-width": "1400"}


def retire(app: Flask, make: Factory, place: UUID, kept: UUID | None = None) -> None:
    actor = make.actor("coordinator")
    with app.app_context(), transaction():
        gone = db.session.get_one(Facility, place)
        if kept is None:
            retire_facility(gone, actor, "已经拆除")  # findings may have been reopened since
        else:
            merge(gone, db.session.get_one(Facility, kept), actor, "同一处")


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_a_retired_place_takes_no_new_visit(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone = make.toilet(), visitor()
    retire(app, make, place)
    asked = someone.browser.get(f"/inspections/new?facility={place}")
    assert asked.status_code == 409
    assert "这一处已经注销" in asked.get_data(as_text=True)
    sent = someone.file(place, NARROW)
    html = sent.get_data(as_text=True)
    assert sent.status_code == 409
    assert "这一处已经注销" in html and 'value="1400"' in html and BLIND in html
    assert count(app, Inspection) == count(app, Finding) == 0


def test_a_draft_begun_before_a_merge_names_the_place_and_stays(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, kept = make.toilet(), make.toilet(name="广场北公厕", lon=104.6277)
    someone, draft = visitor(), new_id()
    assert someone.file(place, NARROW, draft, action="draft").status_code == 303
    retire(app, make, place, kept)
    sent = someone.file(place, NARROW, draft)
    told = "这一处已并入 广场北公厕（ZY-WC-"
    assert sent.status_code == 409 and told in sent.get_data(as_text=True)
    assert count(app, Finding) == 0
    longer = NARROW | {"note": "记下来"}
    assert someone.file(place, longer, draft, action="draft").status_code == 303
    html = someone.browser.get(f"/inspections/{draft}/edit").get_data(as_text=True)
    assert told in html and 'value="1400"' in html and "记下来" in html


def test_a_recheck_begun_before_a_merge_is_filed_at_the_place_that_is_left(
    app: Flask, make: Factory, visitor: Come
) -> None:
    number = make.fixed()
    kept = make.toilet(name="广场北公厕", lon=104.6277)
    someone, draft = visitor(), new_id()
    typed = {"wc-stall-width": "1500", "note": "量了两遍", "no_photo_reason": BLIND}
    assert someone.recheck(number, typed, draft, action="draft").status_code == 303
    with app.app_context():
        place = make.finding_named(number).facility_id
    retire(app, make, place, kept)
    html = someone.browser.get(f"/inspections/{draft}/edit").get_data(as_text=True)
    assert "广场北公厕" in html and 'value="1500"' in html and "量了两遍" in html
    other = make.fixed()
    assert someone.recheck(other, typed, draft).status_code == 403
    assert someone.recheck(number, typed, draft).status_code == 303
    with app.app_context():
        assert make.finding_named(number).state == "closed"
        assert db.session.get_one(Inspection, draft).facility_id == kept


def test_what_was_filed_before_is_given_back_when_sent_again(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, someone, visit = make.toilet(), visitor(), new_id()
    assert someone.file(place, NARROW, visit).status_code == 303
    retire(app, make, place)
    assert someone.file(place, NARROW, visit).status_code == 303


def test_a_finding_at_a_retired_place_can_still_be_rechecked(
    app: Flask, make: Factory, visitor: Come
) -> None:
    number = make.fixed()
    with app.app_context():
        place = make.finding_named(number).facility_id
    retire(app, make, place)
    someone = visitor()
    html = someone.browser.get(f"/inspections/recheck/{number}").get_data(as_text=True)
    assert "这一处已经注销" not in html
    sent = someone.recheck(number, {"wc-stall-width": "1500", "no_photo_reason": BLIND})
    assert sent.status_code == 303
    with app.app_context():
        assert make.finding_named(number).state == "closed"


def test_a_retired_website_is_not_scanned(app: Flask, make: Factory, visitor: Come) -> None:
    site, office = make.facility(FacilityKind.WEBSITE), visitor("coordinator")
    retire(app, make, site)
    sent = office.browser.post(f"/scans/of/{site}", data={"csrf_token": office.token})
    assert sent.status_code == 409
    assert "这一处已经注销" in sent.get_data(as_text=True)
    actor = make.actor("coordinator")
    with app.app_context(), pytest.raises(Conflict), transaction():
        request_scan(db.session.get_one(Facility, site), actor)
    assert count(app, Scan) == 0
