"""The files are what the rows say; what is not is named, and nothing else is touched."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask

from audit.core.actors import SYSTEM, Actor
from audit.core.clock import now
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.photos.actions import destroy_original, keep_photo, receive_photo
from audit.photos.checking import Fault, check_photos
from audit.photos.cli import photos
from audit.photos.jobs import end_retention, sweep_photos
from audit.photos.models import Photo
from audit.photos.queries import get_photo
from audit.photos.rules import original_key
from tests.factories import Factory

from .pictures import jpeg

TWO_DAYS = 2 * 24 * 3600


@pytest.fixture
def kept(app: Flask, supervisor: Actor) -> list[Photo]:
    """Four pictures; the last one's original has been destroyed."""
    found = []
    for number in range(4):
        received = receive_photo(jpeg(200 + number, 100), supervisor)
        with transaction():
            found.append(keep_photo(new_id(), received, supervisor))
    with transaction():
        destroy_original(found[3], SYSTEM, "保存期满")
    return found


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def age(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - TWO_DAYS,) * 2)


def test_a_whole_store_is_clean(kept: list[Photo]) -> None:
    report = check_photos()
    assert (report.found, report.photos) == ([], 4)


def test_a_young_orphan_may_be_an_upload_under_way(kept: list[Photo]) -> None:
    receive_photo(jpeg(333, 100), SYSTEM)
    assert check_photos(repair=True).found == []


def test_the_same_bytes_sent_again_make_an_orphan_young(kept: list[Photo], store: Path) -> None:
    receive_photo(jpeg(333, 100), SYSTEM)
    age(store)
    receive_photo(jpeg(333, 100), SYSTEM)
    assert check_photos().found == []


def test_repair_deletes_orphans_and_leftovers_only(kept: list[Photo], store: Path) -> None:
    receive_photo(jpeg(333, 100), SYSTEM)
    leftover = (store / original_key(kept[0].sha256)).parent / ".x.part"
    leftover.write_bytes(b"half")
    age(store)
    before = {path for path in store.rglob("*") if path.is_file()}
    report = check_photos(repair=True)
    after = {path for path in store.rglob("*") if path.is_file()}
    assert len(before - after) == 5
    assert (len(report.named(Fault.SURPLUS)), report.unfinished) == (4, 1)
    assert check_photos().found == []


def test_the_sweep_counts_what_it_removed(kept: list[Photo], store: Path) -> None:
    folder = (store / original_key(kept[0].sha256)).parent
    (folder / ".x.part").write_bytes(b"half")
    assert sweep_photos() == 0
    age(folder)
    assert sweep_photos() == 1


def test_the_command_ends_badly_when_a_picture_is_lost(
    app: Flask, kept: list[Photo], store: Path
) -> None:
    def run() -> object:
        return app.test_cli_runner().invoke(photos, ["check"])

    assert run().exit_code == 0
    (store / original_key(kept[0].sha256)).unlink()
    ended = run()
    assert ended.exit_code == 1
    assert f"the sealed original is missing: {original_key(kept[0].sha256)}" in ended.output
    assert isinstance(app.test_cli_runner(), CliRunner)


@pytest.fixture
def years(app: Flask) -> Iterator[None]:
    """Originals are kept for three."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update={"originals_kept_years": 3})
    yield
    app.config["SETTINGS"] = before


def test_originals_are_kept_for_ever_unless_a_setting_says_otherwise(
    app: Flask, make: Factory
) -> None:
    make.photo(make.actor())
    with app.app_context(), time_machine.travel(now() + timedelta(days=36_600), tick=False):
        assert end_retention() == 0


@pytest.mark.usefixtures("years")
def test_originals_go_when_their_years_are_over(app: Flask, make: Factory, store: Path) -> None:
    photo = make.photo(make.actor())
    with app.app_context():
        assert end_retention() == 0
        with time_machine.travel(now() + timedelta(days=3 * 366), tick=False):
            assert end_retention() == 1
            assert end_retention() == 0
        assert get_photo(photo).original_gone_at is not None
        assert [path for path in (store / "originals").rglob("*") if path.is_file()] == []
        assert check_photos().found == []
