"""What did not leave is seen by who can mend it, and nothing is kept longer than it should be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from audit.core import clock
from audit.core.db import db, transaction
from audit.notices.actions import mark
from audit.notices.jobs.ending import delete_old
from audit.notices.models import Delivery, HookDelivery, Notice
from audit.notices.rules import Channel, DeliveryState, why_not_sent
from audit.notices.rules.failing import UNKNOWN
from tests.careful import CarefulClient
from tests.factories import Factory
from tests.notices import making
from tests.notices.fakes import Post
from tests.notices.test_sending import MAIL, reach, send, write

SignIn = Callable[..., CarefulClient]


@pytest.fixture
def administrator(signed_in: SignIn) -> CarefulClient:
    return signed_in("administrator", district=None)


def count(app: Flask, kind: type[object]) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(kind)) or 0


@pytest.mark.parametrize(("channel", "error", "word"), [
    (Channel.MAIL, "550 no such person", "拒收"),
    (Channel.MAIL, "535 5.7.8 authentication failed", "用户名或密码"),
    (Channel.MAIL, "450 greylisted", "现在不收"),
    (Channel.MAIL, "ConnectionRefusedError: [Errno 111] refused", "连不上"),
    (Channel.MAIL, "TimeoutError: timed out", "连不上"),
    (Channel.MAIL, "SSLCertVerificationError: certificate verify failed", "加密连接"),
    (Channel.MAIL, "no address to send to", "没有可以用的地址"),
    (Channel.SMS, '200 {"code":7}', "没有说成功"),
    (Channel.SMS, "401 bad key", "密钥"),
    (Channel.SMS, "503 busy", "回答出错"),
    (Channel.SMS, "refused: private_address", "TANTU_NOTICE_ALLOW"),
    (Channel.SMS, "no connection: [Errno 111]", "连不上"),
    (Channel.SMS, "no gateway is set", "没有设置"),
])  # fmt: skip
def test_a_reason_is_said_in_plain_words(channel: Channel, error: str, word: str) -> None:
    said = why_not_sent(channel, error)
    assert word in said.zh and said.en
    assert why_not_sent(channel, "ZeroDivisionError: x") is UNKNOWN


def test_the_administrator_sees_what_was_given_up_and_has_it_tried_again(
    app: Flask, make: Factory, post: Post, administrator: CarefulClient
) -> None:
    write(app, reach(app, make, mail=MAIL))
    post.refusals.append(f"550 <{MAIL}> is unknown <script>")
    send(app)
    page = administrator.get("/deliveries/").get_data(as_text=True)
    assert "邮件服务器拒收" in page and "is unknown &lt;script&gt;" in page
    assert "等待核实" not in page, "what it says is its reader's alone"
    assert MAIL not in page and MAIL not in str(everything(app))
    with app.app_context():
        failed = db.session.scalars(db.select(Delivery.id)).one()
    again = f"/deliveries/{failed}/retry"
    assert administrator.send(again, {}, "/deliveries/").status_code == 303
    assert administrator.send(again, {}, "/messages/").status_code == 409, "it is on its way"
    send(app)
    assert len(post.mails) == 1 and "没有送不到的" in administrator.get("/deliveries/").text


def everything(app: Flask) -> list[object]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(db.text("select * from notice_delivery"))]


def test_all_are_tried_again_but_letters_whose_link_is_erased(
    app: Flask, make: Factory, administrator: CarefulClient
) -> None:
    person = make.person("coordinator").id
    letter = making.given_up(app, person, about="/assignments/x")
    assert "全部重试" not in administrator.get("/deliveries/").text
    ours = {making.given_up(app, person), making.given_up(app, person)}
    answer = administrator.send("/deliveries/retry", {}, "/deliveries/")
    assert answer.status_code == 303
    with app.app_context():
        waiting = db.select(Delivery.id).where(Delivery.state == DeliveryState.PENDING)
        assert set(db.session.scalars(waiting)) == ours
    page = administrator.get("/deliveries/").text
    assert 'href="/assignments/x"' in page and f"{letter}/retry" not in page
    refused = administrator.send(f"/deliveries/{letter}/retry", {}, "/messages/")
    assert refused.status_code == 409


def test_only_who_chooses_settings_sees_them(signed_in: SignIn) -> None:
    for role in ("coordinator", "department", "security"):
        assert signed_in(role).get("/deliveries/").status_code == 403


def test_messages_and_logs_are_deleted_in_time_the_unread_later(
    app: Flask, make: Factory, post: Post
) -> None:
    actor = make.actor("coordinator")
    making.webhook(app, make.actor("administrator", district=None))
    read = making.notice(app, actor)
    making.notice(app, actor)
    write(app, reach(app, make, mail=MAIL))
    send(app)
    with app.app_context(), transaction() as session:
        mark(read, actor, read=True)
        session.scalars(db.select(HookDelivery)).one().state = DeliveryState.SENT
    left = []
    for days in (179, 181, 184, 729, 731):
        with app.app_context(), clock.at(clock.now() + timedelta(days=days)):
            delete_old()
        left.append([count(app, kind) for kind in (Notice, Delivery, HookDelivery)])
    assert left == [[3, 1, 1], [2, 1, 1], [2, 0, 0], [2, 0, 0], [0, 0, 0]]


def test_zero_keeps_for_ever(app: Flask, make: Factory, set_to: Callable[..., None]) -> None:
    making.notice(app, make.actor("coordinator"))
    making.given_up(app, make.person("coordinator").id)
    set_to(notices_read_days=0, notices_unread_days=0, deliveries_kept_days=0)
    with app.app_context(), clock.at(clock.now() + timedelta(days=9999)):
        assert delete_old() == 0
    assert count(app, Notice) == count(app, Delivery) == 1
