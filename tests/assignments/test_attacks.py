"""A link opens the findings of its notice, for its organisation, until it ends, and no more."""

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from audit.accounts.models import Organisation
from audit.assignments.actions import reissue, revoke
from audit.assignments.actions.links import OPENINGS_AN_HOUR
from audit.assignments.queries import get_assignment
from audit.assignments.views.answering import cookie_of
from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import Base, db, transaction
from audit.findings.rules import State, Verb, Why, refusal
from audit.photos.drawing import Scene, drawn_photo
from tests.assignments.sending import Sent, send
from tests.assignments.test_answering import WHO, report
from tests.careful import CarefulClient
from tests.factories import Factory, session_cookie

SignIn = Callable[..., CarefulClient]
WRONG = "/n/" + "ABCD-" * 12 + "ABCD"


@pytest.fixture
def office(make: Factory) -> Actor:
    return make.actor("department", district=None)


@pytest.fixture
def number(make: Factory) -> str:
    return make.dispatched(make.organisation("甲公司"))


@pytest.fixture
def sent(make: Factory, number: str, office: Actor) -> Sent:
    return send(make, number, by=office)


@pytest.fixture
def signed(client: CarefulClient, sent: Sent) -> CarefulClient:
    client.get(sent.link)
    client.send(f"{sent.page}sign", WHO, sent.page)
    return client


def of_others(make: Factory, organisation: bool) -> str:
    """A finding of another organisation, or of the same one in another notice."""
    if organisation:
        return make.dispatched(make.organisation("乙公司"))
    with make.app.app_context():
        named = db.select(Organisation.id).where(Organisation.name == "甲公司")
        same = db.session.scalars(named).one()
    number = make.dispatched(same)
    send(make, number)
    return number


@pytest.mark.parametrize("organisation", [True, False])
def test_no_finding_of_another_notice_or_organisation_is_there(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, organisation: bool
) -> None:
    other = of_others(make, organisation)
    where = f"{sent.page}{other}"
    assert signed.get(where).status_code == 404
    fields = {"why": "别人的", "seen": "3"}
    for verb in ("report_fixed", "return", "ask_time"):
        assert signed.send(f"{where}/{verb}", fields, sent.page).status_code in {404, 405}
    with app.app_context():
        assert make.finding_named(other).state is State.DISPATCHED


def test_no_picture_of_others_is_there(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent
) -> None:
    fixed = make.fixed(make.organisation("乙公司"))
    with app.app_context():
        theirs = make.finding_named(fixed).events[-1].photos[0].photo_id
    loose = make.photo(make.actor("supervisor"))
    for photo in (theirs, loose):
        assert signed.get(f"{sent.page}photos/{photo}/small.jpg").status_code == 404


def test_a_picture_of_others_cannot_be_named_as_ones_own(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, number: str
) -> None:
    loose = make.photo(make.actor("supervisor"))
    where = f"{sent.page}{number}"
    answer = report(signed, where, kept=str(loose), photos=(io.BytesIO(b""), ""))
    assert answer.status_code == 422, "no photo was sent"
    with app.app_context():
        assert make.finding_named(number).state is State.DISPATCHED


def test_revoked_it_ends_at_once_and_a_new_one_opens(
    app: Flask, signed: CarefulClient, sent: Sent, office: Actor
) -> None:
    with app.app_context(), transaction():
        revoke(get_assignment(sent.id, office), office)
    for where in (sent.page, sent.link):
        assert signed.get(where).status_code == 404
    with app.app_context(), transaction():
        secret = reissue(get_assignment(sent.id, office), office)
    assert signed.get(f"/n/{secret}").status_code == 303
    assert signed.get(sent.link).status_code == 404, "the old one stays shut"
    assert signed.get(f"/n/{secret.lower().replace('-', '')}").status_code == 303, "typed"


def test_it_expires(signed: CarefulClient, sent: Sent) -> None:
    with time_machine.travel(now() + timedelta(days=61), tick=False):
        assert signed.get(sent.link).status_code == 404


def test_wrong_expired_and_revoked_look_alike_and_say_what_to_do(
    app: Flask, client: CarefulClient, sent: Sent, office: Actor
) -> None:
    def page(where: str) -> str:
        answer = client.get(where)
        assert answer.status_code == 404
        html = answer.get_data(as_text=True)
        assert "请打通知上写的电话" in html
        for part in (sent.secret, where.removeprefix("/n/")):
            assert part not in html, "not in a link to the other language either"
        return re.sub(r'nonce="[^"]+"|csrf_token[^>]+', "", html)

    wrong = page(WRONG)
    with app.app_context(), transaction():
        revoke(get_assignment(sent.id, office), office)
    assert page(sent.link) == wrong
    assert client.get("/n/ZG-2026-999999/").status_code == 404
    assert client.get(sent.page).status_code == 404, "a number alone opens nothing"


def test_guessing_is_slow_and_shuts_nobody_out(client: CarefulClient, sent: Sent) -> None:
    statuses = [client.get(WRONG[:-2] + f"{count:02}").status_code for count in range(12)]
    assert statuses[0] == 404 and statuses[-1] == 429
    late = client.get(WRONG)
    assert "Retry-After" in late.headers and "请打通知上写的电话" in late.get_data(as_text=True)
    assert client.get(sent.link).status_code == 303, "who holds the link still gets in"


def test_a_scanner_that_opens_it_all_the_time_is_slowed_down(
    app: Flask, client: CarefulClient, sent: Sent
) -> None:
    statuses = [client.get(sent.link).status_code for _ in range(OPENINGS_AN_HOUR + 1)]
    assert statuses[-2:] == [303, 429]


def test_the_secret_is_kept_nowhere(
    app: Flask, signed: CarefulClient, sent: Sent, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = signed.get(sent.link)
        report(signed, f"{sent.page}{number}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert sent.secret not in answer.headers["Location"]
    plain = sent.secret.replace("-", "")
    with app.app_context():
        kept = "".join(
            str(row)
            for table in Base.metadata.sorted_tables
            for row in db.session.execute(db.select(table)).all()
        )
    for place in (kept, caplog.text):
        assert sent.secret not in place and plain not in place
    assert signed.get_cookie(cookie_of(sent.number), path="/n/") is not None


def test_the_journal_names_no_telephone(app: Flask, signed: CarefulClient, sent: Sent) -> None:
    with app.app_context():
        told = str(db.session.execute(text("select detail, why from journal_entry")).all())
    assert sent.number in told and "13800000000" not in told


def test_the_cookie_signs_in_to_nothing_else(
    app: Flask, client: CarefulClient, signed: CarefulClient, sent: Sent
) -> None:
    cookie = signed.get_cookie(cookie_of(sent.number), path="/n/")
    assert cookie is not None and cookie.http_only and cookie.path == "/n/"
    other: CarefulClient = app.test_client()  # type: ignore[assignment]
    other.set_cookie(cookie_of(sent.number), cookie.value, path="/")
    assert other.get("/findings/").status_code == 303, "to the sign-in page"
    other.set_cookie("tantu", session_cookie(app, cookie.value))
    assert other.get("/findings/").status_code == 303


def test_it_closes_no_finding_and_its_people_recheck_none(
    app: Flask, make: Factory, signed: CarefulClient, sent: Sent, number: str
) -> None:
    """Every verb of the table, sent at the address that takes verbs; and an account of the same
    organisation that may re-check elsewhere."""
    report(signed, f"{sent.page}{number}")
    for verb in Verb:
        fields = {"why": "x", "seen": "4"}
        status = signed.send(f"{sent.page}{number}/{verb}", fields, sent.page).status_code
        assert status in {403, 404, 409, 422}, (verb, status)
        assert status != 303
    with app.app_context():
        finding = make.finding_named(number)
        assert finding.state is State.FIXED
        facts = finding.decisive_facts()
    inside = make.actor("supervisor", organisation=facts.organisation_id)
    assert refusal(facts, Verb.PASS_RECHECK, inside) is Why.FIXER
    assert refusal(facts, Verb.PASS_RECHECK, make.actor("supervisor")) is None


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "{{7*7}}{% raw %}", "\u202e王小满"])
def test_hostile_words_stay_words(
    make: Factory,
    client: CarefulClient,
    signed_in: SignIn,
    sent: Sent,
    number: str,
    typed: str,
) -> None:
    client.get(sent.link)
    name = typed[:20]
    client.send(f"{sent.page}sign", {"name": name, "phone": "13800000000"}, sent.page)
    report(client, f"{sent.page}{number}", why=typed)
    office = signed_in("department", district=None)
    for browser, where in (
        (client, f"{sent.page}{number}"),
        (client, sent.page),
        (office, f"/assignments/{sent.id}"),
        (office, f"/findings/{number}"),
    ):
        html = browser.get(where).get_data(as_text=True)
        assert "<script>alert" not in html and "\u202e" not in html
        assert "{{7*7}}" in html or "7*7" not in typed, "shown as it was typed"


def test_a_large_picture_comes_through_a_link_only_while_it_is_open(
    client: CarefulClient, signed: CarefulClient, sent: Sent, number: str
) -> None:
    big = drawn_photo(Scene.TOILET, 3, (240, 180)) + b"\0" * 5_000_000
    where = f"{sent.page}{number}"
    answer = report(signed, where, photos=(io.BytesIO(big), "big.jpg"))
    assert answer.status_code != 413
    token = signed.token(sent.page)
    signed.delete_cookie(cookie_of(sent.number), path="/n/")
    data = {"csrf_token": token, "photos": (io.BytesIO(big), "big.jpg")}
    shut = signed.post(f"{where}/report_fixed", data=data, content_type="multipart/form-data")
    assert shut.status_code == 413
