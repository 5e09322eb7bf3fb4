"""A browser whose owner was killed is ended by the next one to start."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.browser.leftovers import PREFIX, make_home, sweep_leftovers
from audit.browser.processes import family
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
from audit.core.settings import ROOT

from .test_session import is_alive

OWNER = """
import time
from audit.browser.session import Browser
from audit.browser.settings import BrowserSettings
with Browser(BrowserSettings()) as browser:
    print(browser.leader, browser._home, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def own_temp_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """So that the sweep sees no browser of another test that runs beside this one.

    With a short name: the path of a browser's socket may have 107 characters.
    """
    with tempfile.TemporaryDirectory(prefix="sweep", ignore_cleanup_errors=True) as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


@pytest.mark.browser
def test_the_browser_of_a_killed_owner_is_ended_by_the_next(own_temp_folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as owner:
        assert owner.stdout is not None
        leader, home = owner.stdout.readline().split()
        members = family(int(leader))
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
    assert len([pid for pid in members if is_alive(pid)]) > 3, "they outlive their owner"
    with Browser(BrowserSettings()) as browser:
        assert not [pid for pid in members if is_alive(pid)]
        assert not Path(home).exists()
        assert browser.alive
        assert sweep_leftovers() == 0, "a living owner's browser is left alone"
        assert browser.cdp("Browser.getVersion")


def test_a_reused_process_id_does_not_keep_a_home(own_temp_folder: Path) -> None:
    home = make_home()
    assert sweep_leftovers() == 0
    (home / "owner.json").write_text(json.dumps({"pid": os.getpid(), "ticks": 1}))
    assert sweep_leftovers() == 1
    assert not home.exists()


def test_a_home_that_was_just_made_is_given_time(own_temp_folder: Path) -> None:
    home = own_temp_folder / f"{PREFIX}new"
    home.mkdir()
    (home / "owner.json").write_text("{")
    assert sweep_leftovers() == 0
    os.utime(home, (0, 0))
    assert sweep_leftovers() == 1
