"""Pictures of scans: removed when they are old, and checked against the rows that name them."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from audit.core.db import db
from audit.fsck import fsck
from audit.journal.models import JournalEntry
from audit.photos.rules import original_key
from audit.webscan.actions import keep_pictures, picture_storage
from audit.webscan.actions.clearing import pictures_of
from audit.webscan.jobs import end_old_pictures, sweep_pictures
from audit.webscan.models import ScanResult
from audit.webscan.rules.results import PageResult
from tests.factories import Factory

from .stories import FIRST, Story
from .test_following import page, rule

DAY = 24 * 60  # minutes
YEARS = 800 * DAY


def shown(*pictures: bytes) -> PageResult:
    """A page with one fault at several elements, each with its picture."""
    fault = rule("image-alt")
    elements = tuple(replace(fault.elements[0], screenshot=one) for one in pictures)
    return page(FIRST, replace(fault, elements=elements))


def visit(story: Story, minutes: float, *pictures: bytes) -> None:
    found = shown(*pictures)
    with story.app.app_context():
        keep_pictures(found)
    story.see(story.ask(minutes), minutes, found)


def files(app: Flask) -> list[Path]:
    with app.app_context():
        root = picture_storage().root
        return sorted(path for path in root.rglob("*") if path.is_file())


def aged(app: Flask) -> None:
    """As if they all had lain there for two days."""
    then = time.time() - 2 * 24 * 3600
    for path in files(app):
        os.utime(path, (then, then))


def end(story: Story, minutes: float) -> int:
    with story.at(minutes):
        return int(str(end_old_pictures()))


@pytest.fixture
def story(app: Flask, make: Factory) -> Story:
    told = Story(app, make)
    visit(told, 0, b"old", b"both")
    visit(told, 60, b"both", b"new")
    aged(app)
    return told


def test_old_pictures_go_but_for_those_of_the_latest_scan(app: Flask, story: Story) -> None:
    assert end(story, 700 * DAY) == 0 and len(files(app)) == 3
    assert end(story, YEARS) == 1
    assert sorted(path.read_bytes() for path in files(app)) == [b"both", b"new"]
    with app.app_context():
        rows = db.session.scalars(db.select(ScanResult)).all()
        assert sorted(len(pictures_of(row)) for row in rows) == [0, 2]
        assert [len(row.elements) for row in rows] == [2, 2], "what was found stays"
        ended = db.select(JournalEntry).where(JournalEntry.verb == "end_pictures")
        assert db.session.scalars(ended).one().detail == {"pictures": 2}
    assert end(story, YEARS) == 0
    with app.app_context():
        assert fsck() == []


def test_a_file_that_was_put_again_just_now_is_left_alone(app: Flask, story: Story) -> None:
    with app.app_context():
        keep_pictures(shown(b"old"))  # a page whose row is not saved yet
    assert end(story, YEARS) == 1
    assert len(files(app)) == 3


def test_nothing_goes_where_the_setting_says_so(app: Flask, story: Story) -> None:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update={"scan_pictures_days": 0})
    assert end(story, YEARS) == 0 and len(files(app)) == 3


def test_half_written_files_are_swept(app: Flask, story: Story) -> None:
    half = files(app)[0].with_name(".x.part")
    half.write_bytes(b"half")
    aged(app)
    with app.app_context():
        assert sweep_pictures() == 1
    assert not half.exists() and len(files(app)) == 3


def test_each_planted_fault_is_named(app: Flask, story: Story) -> None:
    gone, hurt, _sound = files(app)
    surplus = original_key("ab" * 32)
    with app.app_context():
        assert fsck() == []
        gone.unlink()
        hurt.chmod(0o600)
        hurt.write_bytes(b"something else")
        storage = picture_storage()
        storage.put(surplus, b"nobody")
        (storage.root / "notes.txt").write_text("not ours")
        young = fsck()
    aged(app)
    keys = [path.relative_to(storage.root).as_posix() for path in (gone, hurt)]
    faults = [
        f"the file is missing: {keys[0]}, scan ",
        f"the file is not what was kept: its bytes have changed: {keys[1]}, scan ",
        f"no scan in the database needs this file: {surplus}",
        "this file is no picture of ours: notes.txt",
    ]
    faults = [f"picture of a scan: {one}" for one in faults]
    with app.app_context():
        told = fsck(repair=True)
        for fault in faults:
            assert any(line.startswith(fault) for line in told), fault
        assert all(line.startswith(tuple(faults)) for line in told)
        assert all(line.startswith(tuple(faults[:2])) for line in young), "too young to count"
        assert not storage.exists(surplus) and (storage.root / "notes.txt").exists()
        assert storage.exists(keys[1]), "what a row names is never deleted"
