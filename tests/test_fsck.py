"""Faults planted one by one are each named; a sound system has none."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from audit.core.db import db, is_sqlite, transaction
from audit.fsck import fsck
from tests.factories import Factory


def test_a_sound_system_has_no_faults(app: Flask, make: Factory) -> None:
    make.dispatched(make.organisation())
    with app.app_context():
        assert fsck() == []


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE map_cell SET n2 = n2 + 1", "map: "),
        ("UPDATE finding SET state = 'closed'", "not what its events say: state"),
        ("UPDATE finding SET escalated_at = opened_at", "not what its events say: escalated_at"),
        ("UPDATE journal_head SET seq = seq", ""),
    ],
)
def test_each_planted_fault_is_named(app: Flask, make: Factory, damage: str, named: str) -> None:
    make.finding()
    with app.app_context():
        with transaction() as session:
            session.execute(text(damage))
        found = fsck()
    assert any(named in line for line in found) if named else found == []


def test_a_changed_journal_is_named(app: Flask, make: Factory) -> None:
    make.finding()
    with app.app_context():
        _lift_the_ban(
            lambda: db.session.execute(text("UPDATE journal_entry SET verb='x' WHERE seq=2"))
        )
        assert any("journal: entry 2" in line for line in fsck())


def test_repair_counts_the_map_anew(app: Flask, make: Factory) -> None:
    make.finding()
    with app.app_context():
        with transaction() as session:
            session.execute(text("DELETE FROM map_cell"))
        assert fsck(repair=True) != []
        assert fsck() == []


def _lift_the_ban(act: Callable[[], object]) -> None:
    """Do what the journal's triggers refuse, as somebody with the database in hand could."""
    names = (
        ["DROP TRIGGER journal_entry_no_UPDATE"]
        if is_sqlite()
        else ["ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_append_only"]
    )
    with transaction() as session:
        for name in names:
            session.execute(text(name))
        act()
        if not is_sqlite():
            session.execute(
                text("ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_append_only")
            )
