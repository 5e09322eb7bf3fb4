"""An English page is English throughout: besides what people typed, nothing Chinese is left."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from audit.checklists.loader import checklists_for
from audit.checklists.rules import Answer
from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.core.language import COOKIE, TRANSLATIONS
from audit.core.text import Text
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings.models import Finding
from audit.findings.rules import STATES, State
from audit.webscan.actions import begin_scan, finish_scan, keep_page, request_scan
from audit.webscan.models import Scan
from audit.webscan.rules.outcomes import Outcome
from audit.webscan.rules.results import Element, Impact, Kind, PageResult, RuleResult
from tests.careful import CarefulClient
from tests.factories import YANJIANG, Factory
from tests.findings.test_journey import picture

SignIn = Callable[..., CarefulClient]
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+")
# What may stay: the switch to Chinese, the register's towns, code of Chinese pages, a sample, and
# the level of a WCAG criterion in brackets of either width.
DATA = re.compile(
    r'<a [^>]*hreflang="zh-CN">.*?</a>|<select[^>]*name="town".*?</select>|<code>.*?</code>'
    r'|value="一米五"',
    re.DOTALL,
)
FAULTS = {
    "wc-provision": Answer.of(("male_stall", "female_stall")),
    "wc-stall-width": Answer.of(1400),
}
MENDED = {"wc-stall-width": Answer.of(1500)}
# How a finding comes to a state; the re-check that closes one is an inspection.
WAYS: dict[State, tuple[str, ...]] = {
    State.REPORTED: (),
    State.REJECTED: ("reject",),
    State.CONFIRMED: ("confirm",),
    State.DISPATCHED: ("confirm", "dispatch"),
    State.FIXING: ("confirm", "dispatch", "start"),
    State.PROGRAMMED: ("confirm", "programme"),
    State.SUBSTITUTED: ("confirm", "dispatch", "ask_substitute", "grant_substitute"),
    State.FIXED: ("confirm", "dispatch", "report_fixed"),
    State.CLOSED: ("confirm", "dispatch", "report_fixed"),
    State.UNSURE: ("confirm", "dispatch", "report_fixed"),
    State.REOPENED: ("reject", "reconsider", "confirm", "void", "reopen"),
}
ROLES = ("supervisor", "coordinator", "department", "administrator")


@dataclass(frozen=True)
class City:
    """A little of everything, with names in Latin letters. `inspector` has found it all."""

    places: Mapping[FacilityKind, UUID]
    findings: Mapping[State, str]
    inspection: UUID
    scan: UUID
    fault: str  # what the scan found
    owner: UUID
    person: UUID


def left(html: str) -> list[str]:
    """What is Chinese in a page or a JSON answer and no data."""
    return CHINESE.findall(DATA.sub("", html))


def english(browser: CarefulClient) -> CarefulClient:
    browser.set_cookie(COOKIE, "en")
    return browser


def place(app: Flask, make: Factory, kind: FacilityKind, name: str, owner: UUID) -> UUID:
    made = make.facility(kind, name=name, organisation=owner, facts={"crowded": True})
    with app.app_context(), transaction():
        facility = db.session.get_one(Facility, made)
        facility.address = "12 Sample Road" if facility.address else ""
    return made


@pytest.fixture
def city(app: Flask, make: Factory, signed_in: SignIn) -> City:
    owner = make.organisation("Sample Works Company", district=YANJIANG)
    person = make.person("organisation", organisation=owner, name="Sun Yi").id
    inspector = make.actor("supervisor", name="Wang Min")
    places = {kind: place(app, make, kind, f"Sample {kind.value}", owner) for kind in FacilityKind}
    visit = make.inspection(places[FacilityKind.TOILET], inspector, FAULTS)
    make.duty(places[FacilityKind.TOILET], owner, inspector)
    make.measure(places[FacilityKind.TOILET], inspector, what="Ramp", substitute="Bell")
    scan = scan_of(app, places[FacilityKind.WEBSITE], make.actor("coordinator", name="Li Na"))
    findings = {state: finding_in(app, make, state, inspector, owner) for state in WAYS}
    walk(make, signed_in, findings, owner)
    return City(places, findings, visit, scan, number_of(app, "axe:image-alt"), owner, person)


def finding_in(app: Flask, make: Factory, state: State, inspector: Actor, owner: UUID) -> str:
    """The number of a fresh finding, which is to be brought to that state."""
    toilet = place(app, make, FacilityKind.TOILET, f"Toilet to be {state.value}", owner)
    make.inspection(toilet, inspector, FAULTS)
    return number_of(app, "wc-stall-width", toilet)


def number_of(app: Flask, rule: str, where: UUID | None = None) -> str:
    asked = db.select(Finding.number).where(Finding.rule_id == rule)
    if where:
        asked = asked.where(Finding.facility_id == where)
    with app.app_context():
        return db.session.scalars(asked).one()


def walk(make: Factory, signed_in: SignIn, findings: Mapping[State, str], owner: UUID) -> None:
    coordinator = signed_in("coordinator", name="Li Na")
    steps: dict[str, tuple[CarefulClient, dict[str, Any]]] = {
        "confirm": (coordinator, {}),
        "reject": (coordinator, {"why": "Measured at the wrong place."}),
        "reconsider": (coordinator, {"why": "Measured again."}),
        "void": (coordinator, {"why": "Taken down."}),
        "reopen": (coordinator, {"why": "Built again."}),
        "dispatch": (signed_in("department", name="Chen Wei"), {"organisation": str(owner)}),
        "report_fixed": (
            signed_in("organisation", organisation=owner, name="Zhou Ping"), {"why": "Widened."}
        ),
    }  # fmt: skip
    steps["start"] = (steps["report_fixed"][0], {})
    steps["ask_substitute"] = (steps["report_fixed"][0], {"why": "A bell instead."})
    steps["grant_substitute"] = (steps["dispatch"][0], {"why": "There is no room."})
    steps["programme"] = (steps["dispatch"][0], {"why": "With the pipes.", "until": "2027-06-01"})
    for state, verbs in WAYS.items():
        for verb in verbs:
            browser, fields = steps[verb]
            where = f"/findings/{findings[state]}"
            photos = {"photos": [picture()]} if verb == "report_fixed" else {}
            assert browser.send(f"{where}/{verb}", fields | photos, where).status_code == 303
    close(make, findings[State.CLOSED])
    make.rechecked_too_near(findings[State.UNSURE], name="Zhao Li")


def close(make: Factory, number: str) -> None:
    with make.app.app_context():
        finding = db.session.scalars(db.select(Finding).where(Finding.number == number)).one()
        where = finding.facility_id
    make.inspection(where, make.actor("supervisor", name="Zhao Li"), MENDED, verifies=number)


def scan_of(app: Flask, site: UUID, actor: Actor) -> UUID:
    """A scan whose pages had every outcome there is."""
    element = Element(
        ("img",),
        "<img src=x>",
        Impact.CRITICAL,
        Text("元素没有 alt 属性", "Element does not have an alt attribute"),
    )
    rules = tuple(
        RuleResult(name, kind, Impact.CRITICAL, ("wcag2a", "wcag111"), (element,))
        for name, kind in (
            ("image-alt", Kind.VIOLATION),
            ("label", Kind.VIOLATION),
            ("link-name", Kind.VIOLATION),
            ("button-name", Kind.VIOLATION),
            ("color-contrast", Kind.QUESTION),
        )
    )
    with app.app_context(), transaction():
        made = request_scan(db.session.get_one(Facility, site), actor)
        begin_scan(made)
        for position, outcome in enumerate(Outcome, start=1):
            found = rules if outcome.is_scanned else ()
            url = f"http://127.0.0.1/{position}"
            page = PageResult(url, outcome, final_url=url, status=200, title="News", results=found)
            keep_page(made.id, position, page)
        finish_scan(db.session.get_one(Scan, made.id))
        return made.id


def addresses(city: City) -> list[str]:
    toilet, website = city.places[FacilityKind.TOILET], city.places[FacilityKind.WEBSITE]
    found = [
        "/", "/account/password", "/help", "/accessibility", "/gallery", "/no-such-page",
        "/facilities/", "/facilities/near", "/facilities/near?lon=104.6276&lat=30.1222",
        "/facilities/?kind=toilet&district=512002&review=accepted&q=none", "/facilities/new",
        f"/facilities/{toilet}", f"/facilities/{toilet}/edit",
        f"/facilities/{toilet}/organisations", "/measures/", f"/facilities/{toilet}/measures",
        f"/facilities/{website}", f"/facilities/{website}/edit",
        "/inspections/", "/inspections/?mine=1", f"/inspections/{city.inspection}",
        f"/inspections/recheck/{city.findings[State.FIXED]}",
        "/findings/", "/findings/?kind=toilet&district=512002&state=open&severity=S1&q=none",
        "/map/", "/map/?show=facilities", "/map/?kind=toilet&state=open&severity=S1&q=none",
        "/map/findings?bbox=104,29,106,31&z=12", "/map/facilities?bbox=104,29,106,31&z=12",
        "/scans/", f"/scans/{city.scan}", f"/findings/{city.fault}",
    ]  # fmt: skip
    found += [
        "/people/", "/people/new", f"/people/{city.person}", f"/people/{city.person}/edit",
        "/people/?q=none&role=supervisor&district=512002&state=code", "/organisations/",
        "/organisations/?q=none&kind=owner&district=512002&state=closed", "/organisations/new",
        f"/organisations/{city.owner}", f"/organisations/{city.owner}/edit",
    ]  # fmt: skip
    found += [f"/findings/{number}" for number in city.findings.values()]
    found += [f"/facilities/new/{kind.value}" for kind in FacilityKind]
    for kind in FacilityKind:
        for checklist in checklists_for(kind):
            asked = f"facility={city.places[kind]}&checklist={checklist.id}"
            found.append(f"/inspections/new?{asked}")
    return found


def test_each_page_is_english_for_those_who_use_it(city: City, signed_in: SignIn) -> None:
    pages = addresses(city)
    assert len(pages) > 40
    for role in ROLES:
        browser = english(signed_in(role, name="Qian Yu"))
        answers = {page: browser.get(page) for page in pages}
        chinese = {page: left(answer.get_data(as_text=True)) for page, answer in answers.items()}
        assert {page: texts for page, texts in chinese.items() if texts} == {}, role
        shut = {page for page, answer in answers.items() if answer.status_code != 200}
        assert shut >= {"/no-such-page"}
        assert role != "coordinator" or shut == {"/no-such-page"}


def test_every_state_of_a_finding_is_among_those_pages(app: Flask, city: City) -> None:
    with app.app_context():
        states = {one.number: one.state for one in db.session.scalars(db.select(Finding))}
    assert {state: states[number] for state, number in city.findings.items()} == {
        state: state for state in WAYS
    }
    assert set(WAYS) == set(STATES) - {State.WITHDRAWN, State.MERGED}


def test_whoever_has_not_signed_in_reads_english_too(client: CarefulClient) -> None:
    browser = english(client)
    for page in ("/", "/help", "/accessibility", "/account/login", "/gallery", "/no-such-page"):
        assert left(browser.get(page).get_data(as_text=True)) == [], page
    refused = browser.send("/account/login", {"login": "nobody", "password": "wrong"})
    assert "is wrong" in refused.get_data(as_text=True)
    assert left(refused.get_data(as_text=True)) == []


def test_what_is_wrong_in_a_form_is_said_in_english(city: City, signed_in: SignIn) -> None:
    browser = english(signed_in("coordinator", name="Qian Yu"))
    wrong = {
        "name": "x" * 200, "district": "nowhere", "lon": "far", "lat": "high", "shape": "{",
        "built_on": "spring", "altered_on": "1800", "fact.crowded": "rather",
    }  # fmt: skip
    for page in ("/facilities/new/road", "/facilities/new/website"):
        action = _action(browser, page)
        answer = browser.send(action, wrong, page)
        assert answer.status_code == 422
        assert "Things to correct" in answer.get_data(as_text=True)
        assert left(answer.get_data(as_text=True)) == []
    toilet = f"/inspections/new?facility={city.places[FacilityKind.TOILET]}"
    typed = {
        "facility": str(city.places[FacilityKind.TOILET]), "checklist": "public-toilet",
        "action": "file", "wc-stall-width": "wide", "wc-provision": ["male_stall"],
    }  # fmt: skip
    answer = browser.send(_action(browser, toilet), typed, toilet)
    assert answer.status_code == 422
    assert "is not a length" in answer.get_data(as_text=True)
    assert left(answer.get_data(as_text=True)) == []


def _action(browser: CarefulClient, page: str) -> str:
    html = browser.get(page).get_data(as_text=True)
    found = re.search(r'action="(/(?:facilities/new|inspections)/[^"]+)"', html)
    assert found, page
    return found[1]


def test_the_english_can_stand_in_an_attribute() -> None:
    """Texts are markup to Jinja: a sign of HTML in one would break the page around it."""
    path = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        texts = [str(one.string) for one in read_po(source, locale="en") if one.id]
    assert len(texts) > 700
    assert [text for text in texts if re.search(r'[<>&"“”]', text)] == []


def test_a_page_in_chinese_would_be_noticed(client: CarefulClient) -> None:
    html = client.get("/help").get_data(as_text=True)
    assert 'lang="zh-CN"' in html
    assert "使用帮助" in left(html)
