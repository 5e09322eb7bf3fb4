"""The journal is only added to, and tells when somebody did otherwise."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from audit.core import clock
from audit.core.actors import SYSTEM, Actor
from audit.core.db import db, is_sqlite, transaction
from audit.core.ids import new_id
from audit.journal.actions import record
from audit.journal.models import JournalEntry, JournalHead
from audit.journal.queries import content_of, entries_about, first_broken_link
from audit.journal.rules import FIRST, chain, moment_text
from tests.core.test_transactions import in_threads
from tests.factories import Factory

SOMEBODY = Actor(new_id(), "李明")


@pytest.fixture
def five(app: Flask) -> Flask:
    """A journal of five entries."""
    with app.app_context(), transaction():
        for number in range(5):
            record(
                SOMEBODY, "edit", "facility", f"f{number}", district="512002",
                why="地址有误", detail={"name": ["旧", f"新 {number}"], "lon": 104.6276},
            )  # fmt: skip
    return app


@contextmanager
def tampering() -> Iterator[Connection]:
    """A database whose guards are off, as for somebody who has its file or its password."""
    with db.engine.connect().execution_options(writing=True) as connection:
        if is_sqlite():
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER journal_entry_no_{verb}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.connection.driver_connection.execute("COMMIT")  # type: ignore[union-attr]


def test_an_act_is_written_with_everything_that_was_said(five: Flask) -> None:
    with five.app_context():
        [entry] = entries_about("facility", "f3")
        assert (entry.verb, entry.why) == ("edit", "地址有误")
        assert (entry.actor_id, entry.actor_name) == (SOMEBODY.id, "李明")
        assert (entry.district_code, entry.detail["name"]) == ("512002", ["旧", "新 3"])
        assert entry.at.tzinfo is UTC


def test_entries_about_a_thing_are_newest_first(app: Flask) -> None:
    with app.app_context():
        with transaction():
            for verb in ("add", "edit", "accept"):
                record(SYSTEM, verb, "facility", "f1")
            record(SYSTEM, "add", "facility", "f2")
            record(SYSTEM, "add", "finding", "f1")
        assert [one.verb for one in entries_about("facility", "f1")] == ["accept", "edit", "add"]
        assert [one.verb for one in entries_about("facility", "f1", limit=1)] == ["accept"]


def test_a_whole_chain_is_found_whole(five: Flask) -> None:
    with five.app_context():
        assert first_broken_link() is None


def test_each_entry_holds_the_hash_of_the_one_before(five: Flask) -> None:
    with five.app_context():
        entries = db.session.scalars(db.select(JournalEntry).order_by(JournalEntry.seq)).all()
        head = db.session.get_one(JournalHead, 1)
        before = [FIRST, *(entry.hash for entry in entries[:-1])]
        assert [entry.previous for entry in entries] == before
        assert (head.seq, head.hash) == (entries[-1].seq, entries[-1].hash)


def test_the_act_and_its_entry_are_saved_together_or_not_at_all(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            record(SYSTEM, "add", "facility", "lost")
            db.session.flush()
            _ = 1 // 0
        assert not entries_about("facility", "lost")
        with transaction():
            record(SYSTEM, "add", "facility", "kept")
        assert entries_about("facility", "kept")
        assert first_broken_link() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_entry SET why = 'another reason' WHERE subject_id = 'f2'",
        "UPDATE journal_entry SET seq = 99 WHERE subject_id = 'f4'",
        "DELETE FROM journal_entry WHERE subject_id = 'f4'",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(five: Flask, change: str) -> None:
    with five.app_context():
        with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
            session.execute(text(change))
        assert first_broken_link() is None


def test_no_entry_is_put_in_the_place_of_another(five: Flask) -> None:
    with five.app_context(), pytest.raises(IntegrityError), transaction() as session:
        again = "INSERT INTO journal_entry SELECT * FROM journal_entry WHERE subject_id = 'f2'"
        session.execute(text(again))


def seq_of(subject: str) -> int:
    [entry] = entries_about("facility", subject)
    return entry.seq


def forged(subject: str, why: str) -> str:
    """A hash that fits an entry with another reason."""
    [entry] = entries_about("facility", subject)
    return chain(entry.previous, content_of(entry) | {"why": why})


def edited(change: str, subject: str) -> list[str]:
    return [f"UPDATE journal_entry SET {change} WHERE subject_id = '{subject}'"]


def exchanged(one: str, other: str) -> list[str]:
    first, second = seq_of(one), seq_of(other)
    return [
        f"UPDATE journal_entry SET seq = {to} WHERE seq = {frm}"
        for frm, to in ((first, 999), (second, first), (999, second))
    ]


# What is done, and the entry at which it shows: the changed one, or the one after a gap.
TAMPERINGS: dict[str, tuple[Callable[[], list[str]], Callable[[], int]]] = {
    "a reason": (lambda: edited("why = 'x'", "f2"), lambda: seq_of("f2")),
    "a name": (lambda: edited("actor_name = '王芳'", "f0"), lambda: seq_of("f0")),
    "a district": (lambda: edited("district_code = null", "f1"), lambda: seq_of("f1")),
    "a detail": (lambda: edited("detail = '{}'", "f3"), lambda: seq_of("f3")),
    "a verb": (lambda: edited("verb = 'add'", "f4"), lambda: seq_of("f4")),
    "a time": (lambda: edited("at = '2020-01-01 00:00:00.000000'", "f1"), lambda: seq_of("f1")),
    "a reason with a hash that fits": (
        lambda: edited(f"why = 'x', hash = '{forged('f2', 'x')}'", "f2"), lambda: seq_of("f3")
    ),
    "one taken out": (
        lambda: ["DELETE FROM journal_entry WHERE subject_id = 'f1'"], lambda: seq_of("f2")
    ),
    "the first taken out": (lambda: ["DELETE FROM journal_entry WHERE seq = 1"], lambda: 2),
    "the last cut off": (
        lambda: ["DELETE FROM journal_entry WHERE subject_id = 'f4'"], lambda: seq_of("f4")
    ),
    "all cut off": (lambda: ["DELETE FROM journal_entry"], lambda: 1),
    "two exchanged": (lambda: exchanged("f1", "f2"), lambda: seq_of("f1")),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found_and_where(five: Flask, what: str) -> None:
    statements_of, place = TAMPERINGS[what]
    with five.app_context():
        statements, broken = statements_of(), place()
        db.session.rollback()
        with tampering() as connection:
            for statement in statements:
                connection.execute(text(statement))
        assert first_broken_link() == broken


def test_an_entry_that_was_slipped_in_is_found(five: Flask) -> None:
    with five.app_context():
        with transaction() as session:
            head = session.get_one(JournalHead, 1)
            slipped = JournalEntry(
                seq=head.seq + 1, at=clock.now(), actor_id=None, actor_name="system", verb="close",
                kind="finding", subject_id="x", why="", detail={}, previous=head.hash,
                hash="f" * 64,
            )  # fmt: skip
            session.add(slipped)
        assert first_broken_link() == slipped.seq


def test_writers_stand_in_a_line(app: Flask) -> None:
    def write() -> None:
        for number in range(10):
            with transaction():
                record(SYSTEM, "add", "facility", str(number))
                record(SYSTEM, "edit", "facility", str(number))

    with app.app_context(), transaction():
        before = record(SYSTEM, "load", "district", "512000").seq
    in_threads(app, write)
    with app.app_context():
        assert db.session.get_one(JournalHead, 1).seq == before + 80
        assert first_broken_link() is None


def test_a_failed_act_between_two_leaves_no_gap(app: Flask) -> None:
    with app.app_context():
        for fails in (False, True, False, True, False):
            try:
                with transaction():
                    record(SYSTEM, "add", "facility", "x")
                    _ = 1 // (not fails)
            except ZeroDivisionError:
                pass
        seqs = [entry.seq for entry in entries_about("facility", "x")]
        assert seqs == [seqs[-1] + 2, seqs[-1] + 1, seqs[-1]]
        assert first_broken_link() is None


def test_everything_the_factory_does_is_journaled_and_whole(app: Flask, make: Factory) -> None:
    make.dispatched(make.organisation())
    with app.app_context():
        kinds = set(db.session.scalars(db.select(JournalEntry.kind)))
        assert {"organisation", "user", "facility", "inspection", "finding"} <= kinds
        assert first_broken_link() is None


def test_a_whole_transaction_reads_the_head_once(app: Flask) -> None:
    """A filing writes dozens of entries; each would otherwise cost a round trip."""
    asked: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if re.match(r"SELECT .*journal_head", statement, re.S):
            asked.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", look)
        with transaction():
            for number in range(20):
                record(SYSTEM, "add", "facility", str(number))
        event.remove(db.engine, "before_cursor_execute", look)
    assert len(asked) == 1


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers() | st.none()),
    st.text(max_size=9),
)
def test_the_hash_knows_every_word_but_not_the_order_of_keys(
    content: dict[str, object], word: str
) -> None:
    turned = dict(reversed(list(content.items())))
    assert chain(FIRST, content) == chain(FIRST, turned)
    assert chain(FIRST, content) != chain("1" * 64, content)
    more = content | {"added": word}
    assert (chain(FIRST, more) == chain(FIRST, content)) is (more == content)


def test_a_moment_is_hashed_alike_from_any_zone() -> None:
    from zoneinfo import ZoneInfo

    moment = datetime(2026, 1, 1, 8, 0, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert moment_text(moment) == "2026-01-01T00:00:00.000005Z"
