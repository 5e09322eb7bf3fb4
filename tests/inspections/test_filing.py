"""Filing: drafts, pictures that survive a problem, the same form twice, what opens a finding."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from audit.checklists.rules import Answer
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.errors import Conflict, NotAllowed
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.findings.models import Finding
from audit.inspections.actions import Filing, file_inspection, keep_draft
from audit.inspections.models import Inspection, InspectionAnswer, InspectionPhoto
from audit.inspections.queries import list_inspections
from audit.inspections.rules import InspectionState
from audit.journal.queries import entries_about, first_broken_link
from audit.photos.models import Photo
from tests.core.test_transactions import in_threads
from tests.factories import ANYUE, Factory
from tests.inspections.conftest import Visitor, picture
from tests.unchanged import nothing_written

Come = Callable[..., Visitor]
STALLS = {"wc-provision": ["male_stall", "female_stall"]}
NARROW = {**STALLS, "wc-stall-width": "1.40 m"}


def count(model: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def findings() -> dict[str, Finding]:
    return {row.rule_id: row for row in db.session.scalars(db.select(Finding))}


def test_what_fails_opens_a_finding_with_what_was_measured(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, inspection = make.toilet(), new_id()
    answer = visitor().file(place, {**NARROW, "note.wc-stall-width": "量了两次"}, inspection)
    assert answer.headers["Location"] == f"/inspections/{inspection}"
    with app.app_context():
        found = findings()
        assert set(found) == {"wc-stall-width"}
        stall = found["wc-stall-width"]
        [missed] = stall.facts["missed"]
        assert "1,400" in missed["measured"]["zh"] and "1,500" in missed["required"]["zh"]
        assert stall.outcome == "breach"
        [event] = stall.events
        assert (event.why, event.detail["found_in"]) == ("量了两次", str(inspection))
        kept = db.session.get_one(InspectionAnswer, (inspection, "wc-stall-width"))
        assert (kept.verdict, kept.finding_id) == ("fail", stall.id)
        assert [one.verb for one in entries_about("inspection", inspection)] == ["file"]
        assert first_broken_link() is None


@pytest.mark.parametrize(
    ("built_on", "outcome"),
    [
        (None, "below"), (date(1995, 1, 1), "below"), (date(2022, 3, 31), "below"),
        (date(2022, 4, 1), "breach"), (date(2024, 1, 1), "breach"),
    ],
)  # fmt: skip
def test_a_breach_needs_a_known_date_after_the_code_bound(
    app: Flask, make: Factory, visitor: Come, built_on: date | None, outcome: str
) -> None:
    """GB 55019-2021 binds since 1 April 2022; who does not know the age accuses nobody."""
    answer = visitor().file(make.toilet(built_on=built_on), NARROW)
    assert answer.status_code == 303
    with app.app_context():
        assert findings()["wc-stall-width"].outcome == outcome


def test_what_passes_opens_nothing(app: Flask, make: Factory, visitor: Come) -> None:
    assert visitor().file(make.toilet(), {**STALLS, "wc-stall-width": "1500"}).status_code == 303
    with app.app_context():
        assert count(Finding) == 0
        assert count(InspectionAnswer) > 5, "also what was not checked is kept"


def test_the_same_form_twice_is_one_inspection(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    sent: dict[str, Any] = {**NARROW, "note": "雨天"}

    def send() -> tuple[int, str]:
        answer = someone.file(
            place, {**sent, "photos.wc-stall-width": [picture(1), picture(2)]}, inspection
        )
        return answer.status_code, answer.headers.get("Location", "")

    first = send()
    assert first == (303, f"/inspections/{inspection}")
    with nothing_written(app):
        assert send() == first, "the connection broke before the answer came"
    with app.app_context():
        assert (count(Inspection), count(Photo), count(InspectionPhoto)) == (1, 2, 2)
        assert findings()["wc-stall-width"].times_found == 1


@pytest.mark.parametrize(
    "other",
    [
        {"wc-stall-width": "1450"}, {"note": "别的"}, {"note.wc-stall-width": "别的"},
        {"wc-stall-width": ""}, {"no_photo_reason": "别的原因"},
        {"photos.wc-stall-width": picture(3)}, {"wc-provision": ["male_stall"]},
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_the_same_id_with_other_content_keeps_the_first(
    app: Flask, make: Factory, visitor: Come, other: dict[str, Any]
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    someone.file(place, NARROW, inspection)
    with nothing_written(app):
        answer = someone.file(place, {**NARROW, **other}, inspection)
    assert answer.status_code == 409
    assert "这次检查已经提交过，内容与这一次不同" in answer.get_data(as_text=True)


def test_an_inspection_of_somebody_else_is_not_taken_over(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, one, other = make.toilet(), visitor(), visitor()
    filed, draft = new_id(), new_id()
    one.file(place, NARROW, filed)
    one.file(place, {"wc-stall-width": "1400"}, draft, action="draft")
    with nothing_written(app):
        assert other.file(place, NARROW, filed).status_code == 409
        for action in ("draft", "file"):
            taken = other.file(
                place, {**NARROW, "photos.wc-stall-width": picture()}, draft, action=action
            )
            assert taken.status_code == 403
            assert "这份草稿是别人的" in taken.get_data(as_text=True)
        assert other.browser.get(f"/inspections/{draft}/edit").status_code == 404
        assert other.browser.get(f"/inspections/{draft}").status_code == 404


def test_two_at_once_with_one_id_are_one_inspection(app: Flask, make: Factory) -> None:
    place, inspector, inspection = make.toilet(), make.actor("supervisor"), new_id()
    answers = {
        "wc-provision": Answer.of(("male_stall",)),
        "wc-stall-width": Answer.of(1400),
        "wc-door-width": Answer.of(500),
    }
    in_threads(
        app, lambda: make.inspection(place, inspector, answers, inspection_id=inspection) and None
    )
    with app.app_context():
        assert count(Inspection) == 1
        assert {row.times_found for row in findings().values()} == {1}


def test_two_visits_at_once_find_one_problem_once(app: Flask, make: Factory) -> None:
    place = make.toilet()
    inspectors = [make.actor("supervisor") for _ in range(4)]
    stalls = Answer.of(("male_stall", "female_stall"))
    answers = {"wc-provision": stalls, "wc-stall-width": Answer.of(1400)}
    in_threads(app, lambda: make.inspection(place, inspectors.pop(), answers) and None)
    with app.app_context():
        found = findings()["wc-stall-width"]
        assert (count(Finding), found.times_found) == (1, 4)
        assert [event.seq for event in found.events] == [1, 2, 3, 4]
        assert first_broken_link() is None


def test_a_problem_found_again_joins_the_one_that_is_open(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place = make.toilet()
    visitor().file(place, NARROW)
    page = visitor().browser.get(f"/inspections/new?facility={place}").get_data(as_text=True)
    assert "再次发现会并入它" in page
    visitor().file(place, NARROW)
    with app.app_context():
        found = findings()["wc-stall-width"]
        assert (count(Finding), found.times_found) == (1, 2)
        assert [event.verb for event in found.events] == ["open", "join"]


def test_pictures_survive_a_problem_and_are_filed_with_the_next_try(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    two = [picture(1), picture(2)]
    first = someone.file(
        place, {**STALLS, "wc-stall-width": "wide", "photos.wc-stall-width": two}, inspection
    )
    html = first.get_data(as_text=True)
    assert first.status_code == 422
    kept = re.findall(r'name="kept\.wc-stall-width" value="([0-9a-f-]{36})" checked', html)
    assert len(kept) == 2
    assert someone.browser.get(f"/photos/{kept[0]}/small.jpg").status_code == 200
    again = someone.file(
        place, {**NARROW, "kept.wc-stall-width": kept, "no_photo_reason": ""} | {
            "photos.wc-provision": picture(3)}, inspection,
    )  # fmt: skip
    assert again.status_code == 303, again.get_data(as_text=True)
    with app.app_context():
        links = db.session.execute(
            db.select(InspectionPhoto.item_id, InspectionPhoto.photo_id, InspectionPhoto.position)
            .where(InspectionPhoto.inspection_id == inspection)
            .order_by(InspectionPhoto.item_id.desc(), InspectionPhoto.position)
        ).all()
        stall = [(str(link.photo_id), link.position) for link in links if "stall" in link.item_id]
        assert stall == [(kept[0], 0), (kept[1], 1)]
        assert count(Photo) == 3
        [event] = findings()["wc-stall-width"].events
        assert {str(one.photo_id) for one in event.photos} == set(kept)


def test_a_kept_picture_that_is_unticked_is_not_filed(
    app: Flask, make: Factory, visitor: Come
) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    html = someone.file(
        place,
        {"wc-door-width": "wide", "photos.wc-door-width": [picture(1), picture(2)]},
        inspection,
    ).get_data(as_text=True)
    kept = re.findall(r'name="kept\.wc-door-width" value="([0-9a-f-]{36})"', html)
    someone.file(place, {"wc-door-width": "900", "kept.wc-door-width": kept[1]}, inspection)
    with app.app_context():
        links = db.session.scalars(db.select(InspectionPhoto.photo_id)).all()
        assert [str(link) for link in links] == [kept[1]]


def test_a_draft_is_gone_on_with_and_then_filed(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    typed = {
        **STALLS, "wc-stall-width": "wide", "wc-threshold.height": "１０", "state.wc-floor": "na",
        "note.wc-floor": "还没铺", "note": "下午再来", "lon": "104.6", "lat": "30.1",
        "photos.wc-stall-width": picture(),
    }  # fmt: skip
    saved = someone.file(place, typed, inspection, action="draft")
    assert (saved.status_code, saved.headers["Location"]) == (
        303,
        f"/inspections/{inspection}/edit",
    )
    assert "草稿已保存" in someone.browser.get(saved.headers["Location"]).get_data(as_text=True)
    page = someone.browser.get(f"/inspections/{inspection}/edit")
    html = page.get_data(as_text=True)
    assert page.status_code == 200 and "草稿已照原样保存，提交前有 1 处要改" in html
    for shown in (
        "“wide”不是长度",
        'href="#wc-stall-width"',
        'value="wide"',
        'value="１０"',
        "还没铺",
        "下午再来",
        "保留照片 1",
    ):
        assert shown in html, shown
    with app.app_context():
        draft = db.session.get_one(Inspection, inspection)
        assert (draft.state, draft.filed_at) == (InspectionState.DRAFT, None)
        assert count(InspectionAnswer) == count(Finding) == 0
    kept = re.findall(r'name="kept\.wc-stall-width" value="([0-9a-f-]{36})"', html)
    someone.file(place, {"wc-stall-width": "1400"}, inspection, action="draft")
    filed = someone.file(place, {**NARROW, "kept.wc-stall-width": kept}, inspection)
    assert filed.status_code == 303
    with app.app_context():
        draft = db.session.get_one(Inspection, inspection)
        assert draft.state is InspectionState.SUBMITTED and draft.typed == {}
        assert set(findings()) == {"wc-stall-width"}
        verbs = [entry.verb for entry in entries_about("inspection", inspection)]
        assert verbs == ["file", "keep_draft", "keep_draft"]
    edit = someone.browser.get(f"/inspections/{inspection}/edit")
    assert edit.headers["Location"] == f"/inspections/{inspection}"


def test_a_filed_inspection_is_no_draft_again(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone, inspection = make.toilet(), visitor(), new_id()
    someone.file(place, NARROW, inspection)
    with nothing_written(app):
        answer = someone.file(place, {**NARROW, "note": "x"}, inspection, action="draft")
    assert answer.status_code == 409


def test_a_draft_tells_of_a_picture_that_was_not_taken_in(make: Factory, visitor: Come) -> None:
    someone = visitor()
    broken = (io.BytesIO(b"no picture"), "x.jpg")
    saved = someone.file(make.toilet(), {"photos.wc-door-width": broken}, action="draft")
    html = someone.browser.get(saved.headers["Location"]).get_data(as_text=True)
    assert "草稿已保存" in html and "有照片没有收下" in html


def test_drafts_are_seen_by_their_maker_alone(app: Flask, make: Factory, visitor: Come) -> None:
    place, someone = make.toilet(name="甲公厕"), visitor()
    someone.file(place, {"wc-door-width": "900"}, action="draft")
    assert "甲公厕" in someone.browser.get("/").get_data(as_text=True)
    coordinator, elsewhere = make.actor("coordinator"), make.actor("coordinator", district=ANYUE)
    maker = make.actor_of(someone.person)
    with app.app_context():
        assert list_inspections(maker)[1] == 1
        assert list_inspections(coordinator)[1] == 0
    someone.file(place, {"wc-door-width": "900"})
    with app.app_context():
        assert list_inspections(coordinator)[1] == 1
        assert list_inspections(elsewhere)[1] == 0
        assert list_inspections(coordinator, mine=True)[1] == 0


def filing(place: UUID, inspection: UUID, **more: Any) -> Filing:
    from audit.checklists.loader import get_checklist

    return Filing(
        id=inspection,
        facility=db.session.get_one(Facility, place),
        checklist=get_checklist("public-toilet"),
        answers={"wc-door-width": Answer.of(900)},
        started_at=now(),
        **more,
    )


def test_an_id_stays_with_its_place_and_its_person(app: Flask, make: Factory) -> None:
    place, elsewhere, draft = make.toilet(), make.toilet(), new_id()
    one, other = make.actor("supervisor"), make.actor("supervisor")
    with app.app_context():
        with transaction():
            keep_draft(filing(place, draft), {}, one)
        for where, who in ((elsewhere, one), (place, other)):
            for act in (lambda f, w: keep_draft(f, {}, w), file_inspection):
                with pytest.raises(NotAllowed), transaction():
                    act(filing(where, draft), who)
        with transaction():
            file_inspection(filing(place, draft), one)
        with pytest.raises(Conflict), transaction():
            keep_draft(filing(place, draft), {}, one)
        with pytest.raises(Conflict), transaction():
            file_inspection(filing(place, draft), other)


def test_an_inspection_keeps_the_facts_and_the_edition_it_was_judged_by(
    app: Flask, make: Factory
) -> None:
    place = make.toilet(facts={"host": "park"})
    inspection = make.inspection(place, make.actor("supervisor"), {"wc-door-width": Answer.of(900)})
    with app.app_context():
        kept = db.session.get_one(Inspection, inspection)
        assert kept.facts == {
            "built_on": "2023-05-01", "altered_on": None, "host": "park", "kind": "toilet",
        }  # fmt: skip
        assert (kept.checklist_id, kept.round) == ("public-toilet", 1)
        assert re.fullmatch(r"[0-9a-f]{64}", kept.checklist_hash)


def test_a_phone_far_outside_the_district_is_told_and_loses_nothing(
    make: Factory, visitor: Come
) -> None:
    someone = visitor()
    for lon, is_told in (("104.62", False), ("106.5", True)):
        filed = someone.file(make.toilet(), {**NARROW, "lon": lon, "lat": "30.1"})
        assert filed.status_code == 303
        html = someone.browser.get(filed.headers["Location"]).get_data(as_text=True)
        assert "检查已提交" in html
        assert ("手机的位置在雁江区界外约" in html) is is_told
