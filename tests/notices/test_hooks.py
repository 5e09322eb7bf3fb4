"""Other systems: signed, tried again, seen in the log, sent once more, stopped, never inside."""

import hashlib
import hmac
import json
import re
import socket
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.alerts.jobs import tell_people
from audit.core import clock
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.notices.actions import announce, register
from audit.notices.jobs import call_webhooks, outside
from audit.notices.models import HookDelivery, Notice, Webhook
from audit.notices.rules import DeliveryState, Event, HookTopic
from audit.notices.rules.hooks import HOOK_WAITS
from audit.queue.runs import Run
from tests.careful import CarefulClient
from tests.factories import ANYUE, YANJIANG, Factory
from tests.notices.fakes import Site

SetTo = Callable[..., None]
SignIn = Callable[..., CarefulClient]
ALL = list(HookTopic)


@pytest.fixture
def hooked(app: Flask, make: Factory, gateway: Site) -> str:
    """A webhook for everything in one district; its secret."""
    return hook(app, make, gateway.url)


def hook(app: Flask, make: Factory, url: str, topics: list[HookTopic] = ALL) -> str:
    actor = make.actor("administrator", district=None)
    with app.app_context(), transaction():
        return register(new_id(), url, topics, [YANJIANG], actor)


def happen(app: Flask, topic: HookTopic = HookTopic.STEP, district: str = YANJIANG) -> UUID:
    event = Event(new_id(), topic, district, clock.now(), {"verb": "confirm"})
    with app.app_context(), transaction():
        announce([event])
    return event.id


def call(app: Flask, after: timedelta = timedelta()) -> None:
    with app.app_context(), clock.at(clock.now() + after):
        call_webhooks(Run(new_id(), 1))


def log(app: Flask) -> list[HookDelivery]:
    with app.app_context():
        return list(db.session.scalars(db.select(HookDelivery).order_by(HookDelivery.id)))


def webhook(app: Flask) -> Webhook:
    with app.app_context():
        return db.session.scalars(db.select(Webhook)).one()


def test_what_arrives_is_signed(app: Flask, hooked: str, gateway: Site) -> None:
    event = happen(app)
    for _ in range(2):
        call(app)
    (heard,) = gateway.heard
    stamp = heard.headers["X-Tantu-Timestamp"]
    signed = hmac.new(hooked.encode(), f"{stamp}.".encode() + heard.body, hashlib.sha256)
    assert heard.headers["X-Tantu-Signature"] == signed.hexdigest()
    assert heard.headers["X-Tantu-Id"] == str(event) == json.loads(heard.body)["id"]
    (row,) = log(app)
    assert (row.state, row.status, row.answer) == (DeliveryState.SENT, 200, "ok")
    assert row.milliseconds is not None


def test_only_what_was_asked_for_is_told(app: Flask, make: Factory, gateway: Site) -> None:
    hook(app, make, gateway.url, [HookTopic.CLOSED])
    happen(app)
    happen(app, HookTopic.CLOSED, ANYUE)
    happen(app, HookTopic.CLOSED)
    assert [one.topic for one in log(app)] == [HookTopic.CLOSED]


def test_every_step_of_a_finding_is_told_without_a_word_of_a_person(
    app: Flask, make: Factory, hooked: str, gateway: Site
) -> None:
    owner = make.organisation("某某置业公司")
    number = make.fixed(owner)
    with app.app_context():
        tell_people()
    call(app)
    bodies = [json.loads(one.body) for one in gateway.heard]
    assert [one["verb"] for one in bodies] == ["open", "confirm", "dispatch", "report_fixed"]
    assert {one["type"] for one in bodies} == {"finding.opened", "finding.step"}
    keys = {"id", "type", "at", "district", "verb", "from", "to", "finding", "number", "severity",
            "due"}  # fmt: skip
    assert all(one.keys() == keys and one["number"] == number for one in bodies)
    whole = b"".join(one.body for one in gateway.heard).decode()
    assert not re.search(r"[\u4e00-\u9fff]|\\u", whole)


def test_what_failed_is_tried_again_for_a_day_and_then_given_up(
    app: Flask, hooked: str, gateway: Site
) -> None:
    happen(app)
    gateway.will_answer(500, 503, body=b"not now\r\n")
    call(app)
    (row,) = log(app)
    assert (row.state, row.status, row.answer) == (DeliveryState.FAILED, 500, "not now")
    call(app, timedelta(seconds=30))
    assert len(gateway.heard) == 1
    call(app, HOOK_WAITS[0] + timedelta(seconds=5))
    call(app, timedelta(minutes=30))
    assert log(app)[0].state is DeliveryState.SENT and webhook(app).failing_since is None
    assert timedelta(hours=23) < sum(HOOK_WAITS, timedelta()) <= timedelta(days=1)


def test_one_that_fails_for_a_day_is_stopped_and_the_administrator_told(
    app: Flask, make: Factory, hooked: str, gateway: Site, signed_in: SignIn
) -> None:
    boss = make.person("administrator", district=None)
    happen(app)
    gateway.will_answer(*[500] * 50)
    for hours in range(0, 60, 6):
        call(app, timedelta(hours=hours))
    stopped = webhook(app)
    assert not stopped.active
    with app.app_context():
        told = db.session.scalars(db.select(Notice).where(Notice.user_id == boss.id)).all()
    assert [one.address for one in told] == [f"/webhooks/{stopped.id}"]
    before = len(gateway.heard)
    happen(app)
    call(app)
    assert len(gateway.heard) == before


def test_one_that_does_not_answer_holds_up_no_other(
    app: Flask, make: Factory, gateway: Site, set_to: SetTo
) -> None:
    set_to(notice_allow=f"127.0.0.1:{gateway.port},127.0.0.1:1")
    hook(app, make, "http://127.0.0.1:1/")
    hook(app, make, gateway.url)
    for _ in range(3):
        happen(app)
    call(app)
    assert len(gateway.heard) == 3
    assert sorted(one.attempts for one in log(app)) == [0, 0, 1, 1, 1, 1]


def test_a_redirect_is_not_followed(app: Flask, hooked: str, gateway: Site) -> None:
    happen(app)
    gateway.answers.append((302, {"Location": "http://169.254.169.254/"}, b""))
    call(app)
    assert [(one.status, one.state) for one in log(app)] == [(302, DeliveryState.FAILED)]
    assert len(gateway.heard) == 1


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/", "http://2130706433/",
    "http://0x7f.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/",
    "http://0/", "http://127.1:8000/",
])  # fmt: skip
def test_private_addresses_are_not_dialled(url: str) -> None:
    with pytest.raises(outside.NotSent):
        outside.ask(url, "POST", b"{}", {}, "")


def test_the_address_that_was_checked_is_dialled(
    monkeypatch: pytest.MonkeyPatch, gateway: Site
) -> None:
    """A name that leads elsewhere the second time it is asked gains nothing."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    dialled: list[str] = []

    def resolve(_host: str, port: int, **_: object) -> list[object]:
        found = answers.pop(0) if answers else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    def connect(where: tuple[str, int], *_: object) -> socket.socket:
        dialled.append(where[0])
        raise OSError("far away")

    monkeypatch.setattr(outside.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(outside.socket, "create_connection", connect)
    with pytest.raises(outside.NotSent, match="no connection"):
        outside.ask("http://rebinding.example/", "POST", b"", {}, "")
    assert dialled == ["93.184.216.34"]
    answers[:] = [["93.184.216.34", "10.0.0.1"]]
    with pytest.raises(outside.NotSent, match="private_address"):
        outside.ask("http://rebinding.example/", "POST", b"", {}, "")


def test_an_answer_that_never_ends_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, gateway: Site
) -> None:
    monkeypatch.setattr(outside, "WHOLE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(outside.NotSent, match="no answer"):
            outside.ask(f"http://127.0.0.1:{port}/", "POST", b"", {}, f"127.0.0.1:{port}")


def test_it_is_registered_once_and_its_secret_shown_once(
    app: Flask, signed_in: SignIn, gateway: Site
) -> None:
    boss = signed_in("administrator", district=None)
    fields = {"id": str(new_id()), "url": gateway.url, "topic": "finding.step"}
    answer = boss.send("/webhooks/", fields, page="/webhooks/new")
    found = re.search(r'class="secret">([\w-]{40,})<', answer.get_data(as_text=True))
    assert found
    again = boss.send("/webhooks/", fields, page="/webhooks/new")
    assert (again.status_code, again.location) == (303, f"/webhooks/{fields['id']}")
    page = boss.get(again.location).get_data(as_text=True)
    assert found[1] not in page and found[1] not in webhook(app).secret
    happen(app)
    call(app)
    row = log(app)[0]
    sent = boss.send(f"{again.location}/replay/{row.id}", {}, page=again.location)
    assert sent.status_code == 303
    call(app)
    assert [one.headers["X-Tantu-Id"] for one in gateway.heard] == [str(row.event_id)] * 2
    boss.send(f"{again.location}/stop", {}, page=again.location)
    assert not webhook(app).active
    boss.send(f"{again.location}/start", {}, page=again.location)
    assert webhook(app).active
    other = f"/webhooks/{new_id()}/replay/{row.id}"
    assert boss.send(other, {}, page="/webhooks/").status_code == 404


@pytest.mark.parametrize("url", ["", "ftp://a.cn/", "http://a.cn/", "https://u:p@a.cn/", "nonsense",
                                 "https://a.cn/" + "x" * 500])  # fmt: skip
def test_a_wrong_address_comes_back(app: Flask, signed_in: SignIn, url: str) -> None:
    boss = signed_in("administrator", district=None)
    fields = {"id": str(new_id()), "url": url, "topic": "finding.step"}
    answer = boss.send("/webhooks/", fields, page="/webhooks/new")
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(Webhook)).all() == []


@pytest.mark.parametrize("role", ["coordinator", "department", "supervisor", "auditor"])
def test_only_the_administrator_of_the_city_sees_them(signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)
    for where in ("/webhooks/", "/webhooks/new", f"/webhooks/{new_id()}"):
        assert browser.get(where).status_code == 403
    assert signed_in("administrator").get("/webhooks/").status_code == 403
