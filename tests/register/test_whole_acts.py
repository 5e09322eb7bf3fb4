"""Nothing of an act on the register is left to whoever calls it."""

import pytest
from flask import Flask

from audit.core.db import db, transaction
from audit.core.errors import Conflict, Invalid
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind
from audit.register.actions import Given, change_many, foresee, merge, move, refuse, retire, split
from audit.register.rules import ACTS
from tests.factories import NARROW_STALL, YANJIANG, Factory


def test_no_act_goes_without_a_reason(app: Flask, make: Factory) -> None:
    place, other, office = make.toilet(), make.toilet(lon=104.6277), make.actor("coordinator")
    draft = FacilityDraft(FacilityKind.TOILET, "北侧公厕", YANJIANG, lon=104.6, lat=30.1)
    with app.app_context(), transaction():
        here, there = (db.session.get_one(Facility, one) for one in (place, other))
        for act in (
            lambda: retire(here, office, ""),
            lambda: refuse(here, office, ""),
            lambda: merge(here, there, office, ""),
            lambda: move(here, there, [], office, ""),
            lambda: split(here, new_id(), draft, office, ""),
        ):
            with pytest.raises(Invalid) as refused:
                act()
            assert "why" in refused.value.problems


def test_a_place_leaves_once_and_not_with_an_open_finding(app: Flask, make: Factory) -> None:
    place, busy, office = make.toilet(), make.toilet(lon=104.6277), make.actor("coordinator")
    make.inspection(busy, make.actor(), NARROW_STALL)
    with app.app_context(), transaction():
        here, there = (db.session.get_one(Facility, one) for one in (place, busy))
        with pytest.raises(Conflict):
            retire(there, office, "拆除")
        retire(here, office, "拆除")
        with pytest.raises(Invalid):
            merge(there, here, office, "同一处")
        assert there.active and not here.active


def test_many_need_what_the_act_asks_for(app: Flask, make: Factory) -> None:
    place, office = make.toilet(), make.actor("coordinator")
    with app.app_context(), transaction():
        number = db.session.get_one(Facility, place).number
        for name, missing in (("retire", "why"), ("organisation", "organisation")):
            marks = {one.number: one.mark for one in foresee({number: None}, ACTS[name], office)}
            with pytest.raises(Invalid) as refused:
                change_many(marks, ACTS[name], office, new_id(), Given(organisation_id=new_id()))
            assert missing in refused.value.problems
