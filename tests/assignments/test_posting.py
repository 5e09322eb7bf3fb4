"""A link goes to its organisation by mail or SMS as well, and lies nowhere in plain text."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from audit.accounts.models import Organisation
from audit.alerts.jobs import tell_people
from audit.assignments.jobs import forget_signers
from audit.assignments.models import Assignment, LinkUse
from audit.core import clock
from audit.core.clock import now
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.notices.jobs import send_notices
from audit.notices.models import Delivery, Notice
from audit.notices.rules import DeliveryState
from audit.queue.runs import Run
from tests.assignments.sending import send
from tests.assignments.test_answering import WHO, report
from tests.assignments.test_office import confirm, preview
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.notices.fakes import Post, Site

SignIn = Callable[..., CarefulClient]
LINK = re.compile(r"https://tantu\.example(/n/([A-Z0-9-]{64}))")
MAIL, PHONE = "yard@roads.example", "138 0013 8000"


@pytest.fixture
def number(app: Flask, make: Factory) -> str:
    """A finding that an organisation must fix which has a mail address and a mobile telephone."""
    owner = make.organisation("市政设施公司")
    with app.app_context(), transaction() as session:
        organisation = session.get_one(Organisation, owner)
        organisation.mail, organisation.phone = MAIL, PHONE
    return make.dispatched(owner)


@pytest.fixture
def office(signed_in: SignIn) -> CarefulClient:
    return signed_in("department", district=None)


def leave(app: Flask, after: timedelta = timedelta()) -> None:
    with app.app_context(), clock.at(now() + after):
        send_notices(Run(new_id(), 1))


def rows(app: Flask) -> list[Delivery]:
    with app.app_context():
        return list(db.session.scalars(db.select(Delivery).order_by(Delivery.id)))


def everything_kept(app: Flask) -> str:
    """All values of all tables, as they lie in the database."""
    with app.app_context(), db.engine.connect() as connection:
        tables = [f'select * from "{name}"' for name in db.metadata.tables]
        return str([connection.execute(db.text(one)).all() for one in tables])


def test_a_link_leaves_by_mail_and_sms_and_nothing_keeps_it(
    app: Flask, office: CarefulClient, number: str, post: Post, gateway: Site, client: CarefulClient
) -> None:
    page = preview(office, number)
    assert MAIL in page and "13800138000" in page
    where = confirm(office, page, by=["mail", "sms"]).headers["Location"]
    assert "等着发" in office.get(where).get_data(as_text=True)
    for secret in (MAIL, "/n/", "有疑问"):
        assert secret not in str([(one.recipient, one.letter) for one in raw(app)])
    leave(app)
    body = post.mails[0].get_body(("plain",))
    assert body is not None and post.mails[0]["To"] == MAIL
    found = LINK.search(body.get_content())
    said = json.loads(gateway.heard[0].body)
    assert found and said["phone"] == "13800138000" and said["text"].endswith(found[0])
    assert "登录" not in body.get_content(), "nobody there has an account"
    assert {(one.state, one.recipient, one.letter) for one in rows(app)} == {
        (DeliveryState.SENT, "", "")
    }
    kept = everything_kept(app)
    assert found[2] not in kept and MAIL not in kept
    assert client.get(found[1]).status_code == 303


def raw(app: Flask) -> list[Delivery]:
    """As they lie in the database, not as code reads them."""
    with app.app_context():
        told = db.session.execute(db.text("select recipient, letter from notice_delivery"))
        found = [Delivery(recipient=one[0], letter=one[1]) for one in told]
    assert found and all(one.recipient and one.letter for one in found)
    return found


def test_nothing_is_offered_where_nobody_is_reached(
    app: Flask, make: Factory, office: CarefulClient, number: str, post: Post, gateway: Site,
    set_to: Callable[..., None],
) -> None:  # fmt: skip
    silent = make.dispatched(make.organisation("没有联系方式的公司"))
    assert 'name="by"' not in preview(office, silent)
    set_to(public_url="http://127.0.0.1:8000")
    page = preview(office, number)
    assert 'name="by"' not in page
    confirm(office, page, by=["mail", "sms", "pigeon"])
    assert rows(app) == [], "a link that opens on this machine alone is not sent"


def test_a_link_that_is_replaced_or_revoked_does_not_leave_any_more(
    app: Flask, make: Factory, office: CarefulClient, number: str, post: Post
) -> None:
    sent = send(make, number)
    where = f"/assignments/{sent.id}"
    for _ in range(2):
        office.send(f"{where}/reissue", {"by": "mail"}, where)
    assert len(rows(app)) == 1
    leave(app)
    (mail,) = post.mails
    office.send(f"{where}/reissue", {"by": "mail"}, where)
    office.send(f"{where}/revoke", {}, where)
    leave(app)
    assert post.mails == [mail]


def test_who_sent_a_letter_that_is_refused_is_told_and_no_word_of_it_stays(
    app: Flask, office: CarefulClient, number: str, gateway: Site, set_to: Callable[..., None]
) -> None:
    set_to(sms_success='"code":0', public_url="https://tantu.example")
    confirm(office, preview(office, number), by="sms")
    gateway.will_answer(200, body=b'{"code":7}')
    leave(app)
    secret = json.loads(gateway.heard[0].body)["text"].split("/")[-1]
    for days in range(1, 8):
        gateway.will_answer(200, body=f'{{"code":7,"echo":"{secret.lower()}"}}'.encode())
        leave(app, timedelta(days=days))
    (one,) = rows(app)
    assert one.state is DeliveryState.GIVEN_UP and "code" in one.error
    assert secret not in everything_kept(app).upper()
    assert "没有送到" in office.get("/messages/").get_data(as_text=True)
    assert "没有送到，不再试" in office.get(one.about).get_data(as_text=True)


def test_the_office_is_told_of_the_receipt_and_of_the_last_answer(
    app: Flask, make: Factory, client: CarefulClient
) -> None:
    owner = make.organisation()
    numbers = [make.dispatched(owner), make.dispatched(owner)]
    maker, other = make.actor("coordinator"), make.actor("department")

    def told(actor: object = maker) -> list[str]:
        with app.app_context():
            tell_people()
            mine = db.select(Notice).where(Notice.user_id == actor.id)  # type: ignore[attr-defined]
            found = db.session.scalars(mine.order_by(Notice.id)).all()
            return [one.subject_zh for one in found if one.address.startswith("/assignments/")]

    sent = send(make, *numbers, by=maker)
    client.get(sent.link)
    assert told() == []
    for _ in range(2):
        client.send(f"{sent.page}sign", WHO, sent.page)
    received = f"整改通知 {sent.number} 已签收"
    assert told() == [received]
    report(client, f"{sent.page}{numbers[0]}")
    assert told() == [received]
    report(client, f"{sent.page}{numbers[1]}", seed=8)
    both = [received, f"整改通知 {sent.number} 已全部答复"]
    assert told() == both == told(other), "once, and the department too"


def test_who_signed_lies_sealed_and_is_forgotten_when_the_notice_has_ended(
    app: Flask, make: Factory, number: str, client: CarefulClient, signed_in: SignIn
) -> None:
    sent = send(make, number)
    client.get(sent.link)
    client.send(f"{sent.page}sign", WHO, sent.page)
    with app.app_context():
        for table in ("assignment", "link_use"):
            told = db.session.execute(db.text(f"select * from {table}")).all()
            assert "王小满" not in str(told) and "13800000000" not in str(told)
    for days, gone in ((60 + 179, False), (60 + 181, True)):
        with app.app_context(), clock.at(now() + timedelta(days=days)):
            assert forget_signers() == gone
            kept = db.session.scalars(db.select(LinkUse.signer_phone)).one()
            whole = db.session.scalars(db.select(Assignment)).one()
            assert bool(kept) is bool(whole.signer_name) is not gone and whole.confirmed_at
    assert app.config["SETTINGS"].signers_kept_days == 180
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        page = signed_in("department", district=None).get(f"/assignments/{sent.id}")
        assert "姓名和电话到期已删除" in page.get_data(as_text=True)
