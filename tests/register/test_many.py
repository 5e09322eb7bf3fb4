"""One change to many facilities: shown first, then made to all or to none."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask

from audit.checklists.rules import FACTS
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.actions import draft_of
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.journal.models import JournalEntry
from audit.journal.queries import first_broken_link
from audit.register.actions import Given, change_many, edit, foresee, retire
from audit.register.rules import ACTS, Deed, Standing, WhyNot, programmes_after, why_not
from tests.careful import CarefulClient
from tests.factories import ANYUE, Factory
from tests.findings.test_many_steps import counted

SignIn = Callable[..., CarefulClient]
PREVIEW = "/facilities/bulk"


def number_of(app: Flask, place: UUID) -> str:
    with app.app_context():
        return db.session.get_one(Facility, place).number


def preview(browser: CarefulClient, act: str, *numbers: str) -> str:
    asked = urlencode([("act", act), *(("pick", number) for number in numbers)])
    answer = browser.get(f"{PREVIEW}?{asked}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def fields_of(page: str) -> dict[str, Any]:
    hidden = re.findall(
        r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page[page.index('<form class="narrow') :]
    )
    rows = [value for name, value in hidden if name == "row"]
    return {**{name: value for name, value in hidden if name != "row"}, "row": rows}


@pytest.fixture
def office(signed_in: SignIn) -> CarefulClient:
    return signed_in("coordinator")


def test_every_programme_can_be_added_and_dropped() -> None:
    for value in FACTS["programmes"].values:
        add, drop = ACTS[f"add.{value}"], ACTS[f"drop.{value}"]
        assert programmes_after(add, ["rural"]) == sorted(
            {"rural", str(value)}, key=list(FACTS["programmes"].values).index
        )
        assert programmes_after(drop, ["rural", str(value)]) == (
            [] if value == "rural" else ["rural"]
        )


@pytest.mark.parametrize(("act", "facts", "expected"), [
    ("retire", {}, None), ("retire", {"open_findings": 1}, WhyNot.OPEN_FINDINGS),
    ("retire", {"active": False}, WhyNot.GONE), ("organisation", {"active": False}, WhyNot.GONE),
    ("organisation", {"open_findings": 3}, None), ("add.rural", {}, None),
    ("add.rural", {"programmes": ("rural",)}, WhyNot.HAS_IT), ("drop.rural", {}, WhyNot.LACKS_IT),
    ("drop.rural", {"programmes": ("rural",)}, None),
    ("add.rural", {"kind": FacilityKind.WEBSITE}, WhyNot.NOT_ASKED),
])  # fmt: skip
def test_what_can_be_done_to_which(act: str, facts: dict[str, Any], expected: Any) -> None:
    known: dict[str, Any] = {
        "kind": FacilityKind.TOILET, "active": True, "organisation_id": None, "programmes": (),
        "open_findings": 0,
    }  # fmt: skip
    assert why_not(ACTS[act], Standing(**(known | facts))) is expected


def test_who_is_responsible_is_changed_for_all_that_are_ticked(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    places, owner = [make.toilet() for _ in range(3)], make.organisation()
    numbers = [number_of(app, one) for one in places]
    fields = fields_of(preview(office, "organisation", *numbers[:2]))
    nothing = office.post(PREVIEW, data=fields)
    assert nothing.status_code == 422 and "请从列表中选一项。" in nothing.get_data(as_text=True)
    sent = {**fields, "organisation": str(owner)}
    done, again = office.post(PREVIEW, data=sent), office.post(PREVIEW, data=sent)
    assert done.status_code == 303 and again.location == done.location
    assert "办好了 2 处" in office.get(done.location).get_data(as_text=True)
    with app.app_context():
        owners = [db.session.get_one(Facility, one).organisation_id for one in places]
        assert owners == [owner, owner, None]
        told = db.session.scalars(db.select(JournalEntry).where(JournalEntry.verb == "edit")).all()
        assert [one.detail["bulk"] for one in told] == [fields["bulk"]] * 2
    assert "改责任单位" not in office.get(f"/facilities/{places[0]}").get_data(as_text=True)


def test_programmes_are_added_where_they_are_asked_and_missing(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    plain = make.toilet(facts={"stage": "new"})
    tagged = make.toilet(facts={"programmes": ["rural"]})
    site = make.facility(FacilityKind.WEBSITE)
    page = preview(office, "add.rural", *(number_of(app, one) for one in (plain, tagged, site)))
    assert "会办 1 处。" in page
    assert "已经在这个专项里。" in page and "这一类设施不登记所属专项。" in page
    assert office.post(PREVIEW, data=fields_of(page)).status_code == 303
    with app.app_context():
        facts = db.session.get_one(Facility, plain).facts
        assert facts == {"stage": "new", "programmes": ["rural"]}


def test_what_has_open_findings_is_not_retired_and_the_others_need_a_reason(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    with app.app_context():
        busy_number = make.finding()
        busy = make.finding_named(busy_number).facility_id
    free = make.toilet()
    numbers = [number_of(app, one) for one in (busy, free)]
    page = preview(office, "retire", *numbers)
    assert "还有未销号的问题，现在不能注销。" in page
    fields = fields_of(page)
    assert office.post(PREVIEW, data=fields).status_code == 422
    assert office.post(PREVIEW, data={**fields, "why": "拆除"}).status_code == 303
    with app.app_context():
        assert not db.session.get_one(Facility, free).active
        assert db.session.get_one(Facility, busy).active


def test_when_one_has_moved_none_is_changed(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    places = [make.toilet() for _ in range(2)]
    numbers = [number_of(app, one) for one in places]
    fields = fields_of(preview(office, "add.rural", *numbers))
    other = make.actor("coordinator")
    make.changed_places([numbers[1]], other, "add.renewal")
    answer = office.post(PREVIEW, data=fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and page.count("刚才有变化</") == 1
    with app.app_context():
        assert "programmes" not in db.session.get_one(Facility, places[0]).facts
    assert office.post(PREVIEW, data=fields_of(page)).status_code == 303


def test_what_lies_in_another_district_is_as_unknown_as_what_is_not_there(
    app: Flask, make: Factory, office: CarefulClient, signed_in: SignIn
) -> None:
    near, far = make.toilet(), make.toilet(district=ANYUE, name="远处的公厕")
    page = preview(office, "add.rural", number_of(app, near), number_of(app, far), "ZY-WC-999999")
    assert page.count("没有这处设施，或者不归您管。") == 2 and "远处的公厕" not in page
    fields = fields_of(page)
    rows = [f"{number_of(app, far)}:0123456789abcdef", *fields["row"]]
    assert office.post(PREVIEW, data={**fields, "row": rows}).status_code == 409
    with app.app_context():
        assert "programmes" not in db.session.get_one(Facility, far).facts
    assert office.post(PREVIEW, data=fields).status_code == 303
    assert signed_in("coordinator").get(f"{PREVIEW}/{fields['bulk']}").status_code == 404
    supervisor = signed_in("supervisor")
    assert supervisor.get(f"{PREVIEW}?act=retire&pick=x").status_code == 403
    assert 'name="pick"' not in supervisor.get("/facilities/").get_data(as_text=True)


@pytest.mark.parametrize("asked", ["", "act=retire", "act=nonsense&pick=ZY-WC-000001"])
def test_without_an_act_or_rows_the_list_says_what_is_missing(
    office: CarefulClient, asked: str
) -> None:
    answer = office.get(f"{PREVIEW}?query=kind%3Dtoilet&{asked}")
    assert (answer.status_code, answer.location) == (303, "/facilities/?kind=toilet")
    assert "请先" in office.get(answer.location).get_data(as_text=True)


def test_all_that_a_narrowing_finds_at_a_few_statements_each(
    app: Flask, make: Factory, office: CarefulClient
) -> None:
    for number in range(40):
        make.toilet(name=f"第 {number} 号公厕")
    page = office.get(f"{PREVIEW}?{urlencode({'act': 'add.rural', 'whole': 1, 'query': 'q=公厕'})}")
    fields = fields_of(page.get_data(as_text=True))
    assert len(fields["row"]) == 40
    with app.app_context(), counted(app) as working:
        assert office.post(PREVIEW, data=fields).status_code == 303
    assert len(working) <= 4 * 40 + 40


def kept(place: UUID) -> dict[str, object]:
    """A facility and its last entry in the journal, without what is its own."""
    own = {"id", "number", "created_at", "search"}
    row = db.session.get_one(Facility, place)
    facility = {one.name: getattr(row, one.key) for one in Facility.__table__.columns}
    entry = db.session.scalars(
        db.select(JournalEntry)
        .where(JournalEntry.kind == "facility", JournalEntry.subject_id == str(place))
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    ).one()
    told = {key: value for key, value in entry.detail.items() if key not in ("bulk", "number")}
    journal = (entry.verb, entry.why, entry.actor_id, entry.district_code, told)
    return {key: value for key, value in facility.items() if key not in own} | {"journal": journal}


@pytest.mark.parametrize("name", ["organisation", "add.rural", "drop.renewal", "retire"])
def test_a_change_to_many_does_what_the_single_changes_do(
    app: Flask, make: Factory, name: str
) -> None:
    facts = {"stage": "new", "host": "scenic", "programmes": ["renewal"]}
    places = [make.toilet(facts=facts) for _ in range(4)]
    owner, office = make.organisation(), make.actor("coordinator")
    given = Given(why="已经拆除", organisation_id=owner)
    after: dict[str, Any] = {
        "organisation": {"organisation_id": owner},
        "add.rural": {"facts": {**facts, "programmes": ["rural", "renewal"]}},
        "drop.renewal": {"facts": {"stage": "new", "host": "scenic"}},
    }
    rows = {number_of(app, one): None for one in places[::2]}
    with app.app_context():
        with transaction():  # altered in a year of which the day is not known
            years = {"altered_on": date(2023, 1, 1), "altered_by": date(2023, 12, 31)}
            db.session.execute(db.update(Facility).values(years))
        with transaction():
            marks = {one.number: one.mark for one in foresee(rows, ACTS[name], office)}
            change_many(marks, ACTS[name], office, new_id(), given)
            for one in places[1::2]:
                place = db.session.get_one(Facility, one)
                if name == "retire":
                    retire(place, office, given.why)
                else:
                    edit(place, replace(draft_of(place), **after[name]), office)
        assert [kept(one) for one in places[::2]] == [kept(one) for one in places[1::2]]
        assert first_broken_link() is None


def test_there_is_an_act_of_each_deed() -> None:
    assert {act.deed for act in ACTS.values()} == set(Deed)
    assert all(name == act.name for name, act in ACTS.items())
