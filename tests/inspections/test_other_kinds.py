"""What has no place is inspected by hand too: websites, apps, events, samples."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from audit.checklists.rules import Answer
from audit.core.db import db
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


def found(app: Flask, make: Factory, place: UUID, checklist: str, **answers: object) -> set[str]:
    """File a visit; the rules of the findings that it opened."""
    given = {name.replace("_", "-"): Answer.of(value) for name, value in answers.items()}
    make.inspection(place, make.actor("supervisor"), given, checklist=checklist)
    with app.app_context():
        rows = db.session.scalars(db.select(Finding).where(Finding.facility_id == place))
        return {row.rule_id for row in rows}


@pytest.mark.parametrize(
    ("public", "opened"), [(True, {"ws-keyboard"}), (None, {"ws-keyboard"}), (False, set())]
)
def test_the_law_binds_sites_that_public_money_pays_for_and_advises_the_others(
    app: Flask, make: Factory, signed_in: SignIn, public: bool | None, opened: set[str]
) -> None:
    facts = {} if public is None else {"public_money": public}
    site = make.facility(FacilityKind.WEBSITE, facts=facts)
    assert found(app, make, site, "website", ws_keyboard=False, ws_ways=True) == opened
    page = signed_in("coordinator").get(f"/facilities/{site}").get_data(as_text=True)
    assert "人工检查记录" in page and "请求扫描" not in page.split("人工检查记录")[1]
    assert ("只用键盘办不成" in page) is bool(opened)


def test_an_app_is_measured_against_the_numbers_of_the_notice(app: Flask, make: Factory) -> None:
    place = make.facility(FacilityKind.APP)
    assert found(
        app, make, place, "app",
        ap_version="inside", ap_size_max=29, ap_line="1.3", ap_target=44, ap_target_elder=59,
    ) == {"ap-size-max", "ap-target-elder"}  # fmt: skip


@pytest.mark.parametrize(
    ("occasion", "opened"), [("emergency", {"ev-captions", "ev-sign"}), ("routine", set())]
)
def test_an_emergency_without_captions_and_sign_is_a_finding_a_routine_one_is_advised(
    app: Flask, make: Factory, occasion: str, opened: set[str]
) -> None:
    event = make.facility(FacilityKind.EVENT, facts={"occasion": occasion})
    assert found(app, make, event, "event", ev_captions="none", ev_sign="none") == opened


def test_a_terminal_at_a_bank_must_speak_and_a_vending_machine_should(
    app: Flask, make: Factory
) -> None:
    for terminal, opened in (("cash", {"ks-voice"}), ("vending", set())):
        kiosk = make.facility(FacilityKind.KIOSK, facts={"terminal": terminal})
        assert found(app, make, kiosk, "kiosk", ks_voice="none") == opened


def test_a_crossing_is_asked_for_its_signal_and_not_for_a_bridge(
    make: Factory, signed_in: SignIn
) -> None:
    crossing = make.facility(FacilityKind.CROSSING)
    page = signed_in("supervisor").get(f"/inspections/new?facility={crossing}")
    html = page.get_data(as_text=True)
    assert 'data-item="rd-signal-sound"' in html and 'data-item="rd-kerb-lip"' in html
    assert "rd-bridge-access" not in html and "rd-bridge-ramp-slope" not in html
    assert "设施类别为" not in html
