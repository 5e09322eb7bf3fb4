"""What a person wants elsewhere too leaves by mail or SMS: once, in words only, or visibly not."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from pydantic import SecretStr

from audit.core import clock
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.settings import Settings
from audit.core.text import Text
from audit.notices.actions import Parcel, confirm_mail, keep_wishes, tell
from audit.notices.actions.leaving import Item, take_next
from audit.notices.jobs import look_for_due, send_notices, sms
from audit.notices.jobs.mail import compose
from audit.notices.jobs.outside import NotSent
from audit.notices.models import Contact, Delivery
from audit.notices.rules import Channel, DeliveryState, Pace, Topic, Wishes
from audit.notices.rules.sending import WAITS
from audit.queue.models import JobRun
from audit.queue.runs import Run
from tests.careful import CarefulClient
from tests.factories import Factory, Person
from tests.notices.fakes import Post, Site, subjects

SetTo = Callable[..., None]
MAIL, PHONE = "wang@example.cn", "13800138000"
SAID = Text("问题 ZY-2026-000001 等待核实", "Finding ZY-2026-000001 waits")
BODY = Text("S2 无法使用。期限到 2026-12-31。", "S2. Due by 2026-12-31.")
AT_ONCE = {(channel, topic): Pace.ONCE for channel in Channel for topic in Topic}


def reach(app: Flask, make: Factory, paces: object = None, **where: str) -> Person:
    """Somebody who gave these addresses and has confirmed them."""
    person = make.person("coordinator")
    actor = make.actor_of(person)
    wishes = Wishes(**where, paces=AT_ONCE if paces is None else paces)  # type: ignore[arg-type]
    with app.app_context():
        with transaction():
            keep_wishes(wishes, actor)
            if wishes.mail:
                confirm_mail(person.id, wishes.mail, actor)
        with transaction() as session:
            session.execute(db.delete(Delivery))
    return person


def write(app: Flask, person: Person, topic: Topic = Topic.TODO, subject: Text = SAID) -> None:
    with app.app_context(), transaction():
        tell([person.id], subject, BODY, "/findings/ZY-2026-000001", topic)


def send(app: Flask, after: timedelta = timedelta()) -> None:
    with app.app_context(), clock.at(clock.now() + after):
        send_notices(Run(new_id(), 1))


def deliveries(app: Flask) -> list[Delivery]:
    with app.app_context():
        return list(db.session.scalars(db.select(Delivery).order_by(Delivery.id)))


def test_a_message_arrives_by_mail_once(app: Flask, make: Factory, post: Post) -> None:
    write(app, reach(app, make, mail=MAIL))
    for _ in range(2):
        send(app)
    assert subjects(post.mails) == [SAID.zh]
    mail = post.mails[0]
    assert (mail["To"], mail["From"]) == (MAIL, "tantu@city.example")
    assert mail["Message-ID"].endswith("@city.example>") and mail["Auto-Submitted"]
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and rich is not None
    for part in (plain, rich):
        text = part.get_content()
        assert "https://tantu.example/findings/ZY-2026-000001" in text and BODY.zh in text
    assert [one.state for one in deliveries(app)] == [DeliveryState.SENT]


def test_nothing_leaves_of_what_was_rolled_back(app: Flask, make: Factory, post: Post) -> None:
    person = reach(app, make, mail=MAIL)
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        tell([person.id], SAID, BODY, "", Topic.TODO)
        db.session.flush()
        raise ZeroDivisionError
    send(app)
    assert post.mails == [] and deliveries(app) == []


def test_an_address_that_nobody_confirmed_gets_only_the_question(
    app: Flask, make: Factory, post: Post
) -> None:
    person = make.person("coordinator")
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    fields = {f"{channel}-{topic}": "once" for channel in Channel for topic in Topic}
    fields |= {"mail": MAIL, "phone": "", "hour": "8", "language": "zh"}
    saved = browser.send("/messages/channels", fields, page="/messages/channels")
    assert saved.status_code == 303
    write(app, person)
    send(app)
    assert subjects(post.mails) == ["请确认您的邮箱"]
    plain = post.mails[0].get_body(("plain",))
    assert plain is not None
    found = re.search(r"https://tantu\.example(/messages/confirm/\S+)", plain.get_content())
    assert found
    page = browser.get(found[1])
    assert page.status_code == 200 and MAIL in page.get_data(as_text=True)
    write(app, person)
    send(app)
    assert len(post.mails) == 1, "to look is not to confirm"
    assert browser.send(found[1], {}, page=found[1]).status_code == 303
    write(app, person)
    send(app)
    assert subjects(post.mails)[1:] == [SAID.zh]
    other: CarefulClient = app.test_client()  # type: ignore[assignment]
    other.hold(make.session_of(make.person("administrator", district=None)))
    assert other.get(found[1]).status_code == 404
    assert other.get("/messages/confirm/forged").status_code == 404


def test_questions_to_strangers_are_few(app: Flask, make: Factory) -> None:
    actor = make.actor("coordinator")
    with app.app_context():
        for number in range(9):
            with transaction():
                keep_wishes(Wishes(mail=f"a{number}@example.cn"), actor)
    assert len(deliveries(app)) == 5


def test_addresses_lie_sealed_in_the_database(app: Flask, make: Factory) -> None:
    reach(app, make, mail=MAIL, phone=PHONE)
    with app.app_context():
        row = db.session.scalars(db.select(Contact)).one()
        assert MAIL not in row.mail and PHONE not in row.phone and row.mail and row.phone
        raw = db.session.execute(db.text("select detail, why from journal_entry")).all()
        assert MAIL not in str(raw) and PHONE not in str(raw)


def test_a_daily_message_holds_the_messages_of_a_day(app: Flask, make: Factory, post: Post) -> None:
    daily = dict.fromkeys(AT_ONCE, Pace.DAILY)
    person = reach(app, make, daily, mail=MAIL, language="en")
    for _ in range(3):
        write(app, person)
    send(app)
    assert post.mails == []
    send(app, timedelta(days=1))
    assert subjects(post.mails) == ["New messages: 3"]
    body = post.mails[0].get_body(("plain",))
    assert body is not None and body.get_content().count(SAID.en) == 3
    assert {one.state for one in deliveries(app)} == {DeliveryState.SENT}


def test_what_was_not_wanted_does_not_leave(app: Flask, make: Factory, post: Post) -> None:
    never = dict.fromkeys(AT_ONCE, Pace.NEVER)
    write(app, reach(app, make, never, mail=MAIL))
    assert deliveries(app) == []


def test_a_server_that_is_away_is_tried_again_later_and_less_often(
    app: Flask, make: Factory, post: Post, set_to: SetTo
) -> None:
    person, port = reach(app, make, mail=MAIL), post.port
    set_to(smtp_port=1)
    write(app, person)
    send(app)
    (one,) = deliveries(app)
    assert one.state is DeliveryState.FAILED and one.attempts == 1 and "refused" in one.error
    send(app, WAITS[0] - timedelta(seconds=5))
    assert deliveries(app)[0].attempts == 1, "not before its time"
    set_to(smtp_port=port)
    send(app, WAITS[0] + timedelta(seconds=5))
    assert len(post.mails) == 1


def test_what_never_arrives_is_given_up_and_its_reader_sees_why(
    app: Flask, make: Factory, post: Post, set_to: SetTo
) -> None:
    person = reach(app, make, mail=MAIL)
    set_to(smtp_port=1)
    write(app, person)
    for days in range(len(WAITS) + 3):
        send(app, timedelta(days=days))
    (one,) = deliveries(app)
    assert (one.state, one.attempts) == (DeliveryState.GIVEN_UP, len(WAITS) + 1)
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(person))
    assert "邮件没有送到" in browser.get("/messages/").get_data(as_text=True)


@pytest.mark.parametrize(("answer", "state"), [
    ("550 no such person", DeliveryState.GIVEN_UP), ("450 come back later", DeliveryState.FAILED),
])  # fmt: skip
def test_what_the_server_refuses_for_good_is_not_tried_again(
    app: Flask, make: Factory, post: Post, answer: str, state: DeliveryState
) -> None:
    write(app, reach(app, make, mail=MAIL))
    post.refusals.append(answer)
    send(app)
    (one,) = deliveries(app)
    assert one.state is state and answer in one.error


def test_a_worker_that_died_with_a_mail_in_hand_sends_it_later(
    app: Flask, make: Factory, post: Post
) -> None:
    write(app, reach(app, make, mail=MAIL))
    with app.app_context(), transaction():
        taken = take_next()
    assert taken is not None
    send(app)
    assert post.mails == []
    send(app, timedelta(minutes=2))
    assert [mail["Message-ID"] for mail in post.mails] == [f"<{taken.ids[0]}@city.example>"]


def parcel(text: str, to: str = PHONE, channel: Channel = Channel.SMS) -> Parcel:
    item = Item(text, "", "/findings/", Topic.TODO)
    return Parcel((new_id(),), UUID(int=1), channel, to, "zh", False, (item,))


def test_no_text_begins_a_header_of_its_own(app: Flask, set_to: SetTo) -> None:
    set_to(smtp_host="127.0.0.1", mail_from="tantu@city.example")
    wild = "x\r\nBcc: all@example.cn\r\n\r\n<script>alert(1)</script>"
    with app.app_context():
        mail = compose(parcel(wild, MAIL, Channel.MAIL), app.config["SETTINGS"])
        assert mail["Bcc"] is None and "\n" not in mail["Subject"]
        html = mail.get_body(("html",))
        assert html is not None and "<script" not in html.get_content()
        with pytest.raises(ValueError, match="linefeed"):
            compose(parcel("x", "a@b.cn\r\nBcc: c@d.cn", Channel.MAIL), app.config["SETTINGS"])


def test_a_short_message_goes_through_the_gateway(
    app: Flask, make: Factory, gateway: Site, set_to: SetTo
) -> None:
    set_to(sms_header="Authorization: Bearer {secret}", sms_secret=SecretStr("s3cret"))
    write(app, reach(app, make, phone=PHONE))
    send(app)
    (heard,) = gateway.heard
    assert json.loads(heard.body) == {"phone": PHONE, "text": f"{SAID.zh} {BODY.zh}"}
    assert heard.headers["Authorization"] == "Bearer s3cret"


def test_several_short_messages_are_counted_by_topic(
    app: Flask, make: Factory, gateway: Site
) -> None:
    person = reach(app, make, dict.fromkeys(AT_ONCE, Pace.DAILY), phone=PHONE)
    for topic in (Topic.TODO, Topic.TODO, Topic.DEADLINE):
        write(app, person, topic)
    send(app, timedelta(days=1))
    said = json.loads(gateway.heard[0].body)["text"]
    assert said == "3 条新消息，要我办的 2，期限提醒 1"


@pytest.mark.parametrize("wild", [
    '", "phone": "1', "&phone=1&x=", "{phone}{secret}", "%0d%0a", "=1+1 #{x}", "长" * 5000,
])  # fmt: skip
def test_no_text_adds_a_field_to_what_the_gateway_gets(wild: str) -> None:
    words = {"phone": PHONE, "text": wild, "secret": "s3cret"}
    as_json = Settings(sms_url="http://127.0.0.1/x")
    body = sms.request_for(as_json, words)[1]
    assert json.loads(body) == {"phone": PHONE, "text": wild}
    form = "phone={phone}&text={text}&key={secret}"
    as_form = as_json.model_copy(update={"sms_format": "form", "sms_template": form})
    wanted = {"phone": [PHONE], "text": [wild], "key": ["s3cret"]}
    assert parse_qs(sms.request_for(as_form, words)[1].decode()) == wanted
    as_get = as_form.model_copy(update={"sms_method": "GET"})
    url, body, _headers = sms.request_for(as_get, words)
    assert parse_qs(urlsplit(url).query) == wanted and body == b""


def test_a_gateway_that_says_no_is_asked_again_and_tells_no_secret(
    app: Flask, make: Factory, gateway: Site, set_to: SetTo
) -> None:
    set_to(sms_success='"code":0')
    write(app, reach(app, make, phone=PHONE))
    gateway.will_answer(200, body=f'{{"code":7,"to":"{PHONE}"}}'.encode())
    send(app)
    (one,) = deliveries(app)
    assert one.state is DeliveryState.FAILED and "code" in one.error and PHONE not in one.error
    gateway.will_answer(200, body=b'{"code":0}')
    send(app, timedelta(minutes=2))
    assert deliveries(app)[0].state is DeliveryState.SENT


def test_the_gateway_is_not_dialled_in_the_private_network_unless_it_may(
    app: Flask, gateway: Site, set_to: SetTo
) -> None:
    set_to(notice_allow="")
    with app.app_context(), pytest.raises(NotSent, match="private_address"):
        sms.send(parcel("x"), app.config["SETTINGS"])
    assert gateway.heard == []


def test_the_worker_promises_one_job_while_something_is_due(
    app: Flask, make: Factory, post: Post
) -> None:
    with app.app_context():
        look_for_due()
        assert db.session.scalars(db.select(JobRun)).all() == []
    write(app, reach(app, make, mail=MAIL))
    with app.app_context():
        for _ in range(2):
            look_for_due()
        assert len(db.session.scalars(db.select(JobRun)).all()) == 1


def test_wrong_addresses_come_back_with_what_was_typed(app: Flask, make: Factory) -> None:
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]
    browser.hold(make.session_of(make.person("coordinator")))
    fields = {f"{channel}-{topic}": "once" for channel in Channel for topic in Topic}
    wrong = {"mail": "a@b\r\nBcc:c", "phone": "not a phone", "hour": "3", "language": "zh"}
    wrong["sms-todo"] = "hourly"
    answer = browser.send("/messages/channels", fields | wrong, page="/messages/channels")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for part in ("这不是邮箱地址", "这不是电话号码", "请从列表中选一项", 'value="not a phone"'):
        assert part in page
    with app.app_context():
        assert db.session.scalars(db.select(Contact)).all() == []
