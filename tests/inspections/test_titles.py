"""What a finding is called after an inspection has opened it."""

import pytest
from flask import Flask

from audit.checklists.rules import Answer
from audit.core.db import db
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from tests.factories import Factory


@pytest.mark.parametrize(
    ("kind", "checklist", "answers", "zh", "en"),
    [
        (
            FacilityKind.TOILET,
            "public-toilet",
            {
                "wc-provision": Answer.of(("male_stall", "female_stall")),
                "wc-stall-width": Answer.of(1400),
            },
            "无障碍厕位短边不足",
            "Accessible stall too narrow",
        ),
        (
            FacilityKind.ROAD,
            "road",
            {"rd-kerb-type": Answer.of("three_sided"), "rd-kerb-lip": Answer.of(30)},
            "缘石坡道坡口有高差",
            "Kerb ramp has a lip",
        ),
    ],
)
def test_a_finding_is_titled_with_what_is_wrong(
    app: Flask,
    make: Factory,
    kind: FacilityKind,
    checklist: str,
    answers: dict[str, Answer],
    zh: str,
    en: str,
) -> None:
    make.inspection(make.facility(kind), make.actor(), answers, checklist=checklist)
    with app.app_context():
        finding = db.session.scalars(db.select(Finding)).one()
        assert (finding.title("zh"), finding.title("en")) == (zh, en)
