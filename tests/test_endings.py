"""The server's end is the end of everything it started."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from audit.core.db import transaction
from audit.core.settings import ROOT
from audit.queue import runs
from audit.queue.runs import later
from tests.processes import PATIENCE_S, eventually, free_port, is_alive

pytestmark = pytest.mark.own_app

# The product's own commands, with one more job: it starts a process in a session of its own, as
# a scan starts chromedriver, and never ends.
STAND_IN = """
import signal, subprocess, sys
from pathlib import Path
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests under nohup would hand its deafness on
sys.path.insert(0, {root!r})
from audit.queue import keeper, runs, worker

@runs.job("hold")
def hold(run, note):
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    Path(note).write_text(f"{{child.pid}} {{__import__('os').getpid()}}")
    child.wait()

worker.PATIENCE_SECONDS = 0.3
keeper.COMMAND = [sys.executable, __file__, "worker", "--with-parent"]
from audit.cli import main
main()
"""


@pytest.fixture
def busy(app: Flask, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A server whose worker is in the middle of a job: the ids of worker and job's process."""
    stand_in, note = tmp_path / "stand_in.py", tmp_path / "note"
    stand_in.write_text(STAND_IN.format(root=str(ROOT)))
    chosen = app.config["SETTINGS"]
    environment = {
        "PATH": os.environ["PATH"],
        "TANTU_VAR_DIR": str(chosen.var_dir),
        "TANTU_DATABASE_URL": chosen.database_url,
    }
    runs.job("hold")(lambda run, note: None)
    with app.app_context(), transaction():
        later("hold", note=str(note))
    runs._jobs.pop("hold")
    server = subprocess.Popen(
        [sys.executable, stand_in, "serve", "--port", str(free_port())],
        env=environment,
    )
    eventually(lambda: note.exists() and len(note.read_text().split()) == 2)
    pids = [int(word) for word in note.read_text().split()]
    assert all(is_alive(pid) for pid in pids)
    yield server, pids
    if server.poll() is None:
        server.kill()
        server.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_the_server_is_the_end_of_worker_and_browser(
    busy: tuple[subprocess.Popen[bytes], list[int]], number: signal.Signals
) -> None:
    server, pids = busy
    server.send_signal(number)
    assert server.wait(PATIENCE_S) == 0
    assert [pid for pid in pids if is_alive(pid)] == []


def test_a_killed_server_leaves_no_worker_and_no_browser(
    busy: tuple[subprocess.Popen[bytes], list[int]],
) -> None:
    server, pids = busy
    server.kill()
    server.wait()
    eventually(lambda: not [pid for pid in pids if is_alive(pid)])


def test_a_worker_that_falls_is_started_anew(
    busy: tuple[subprocess.Popen[bytes], list[int]],
) -> None:
    server, (held, worker) = busy
    os.kill(worker, signal.SIGKILL)
    children = Path(f"/proc/{server.pid}/task")

    def another() -> bool:
        found = {
            int(pid)
            for task in children.iterdir()
            for pid in (task / "children").read_text().split()
        }
        return bool(found - {worker})

    eventually(another)
    os.kill(held, signal.SIGKILL)
    server.terminate()
    assert server.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("loading", ["click", "huey"])
def test_a_worker_interrupted_while_it_loads_ends_without_a_word(
    app: Flask, tmp_path: Path, loading: str
) -> None:
    """It stands still at the first and at the last library that it loads."""
    note = tmp_path / "note"
    still = f"open({str(note)!r}, 'w').close()\n__import__('time').sleep(600)\n"
    (tmp_path / f"{loading}.py").write_text(still)
    chosen = app.config["SETTINGS"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path),
        "TANTU_VAR_DIR": str(chosen.var_dir),
        "TANTU_DATABASE_URL": chosen.database_url,
    }
    command = [sys.executable, ROOT / "run.py", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as worker:
        eventually(note.exists)
        worker.send_signal(signal.SIGINT)
        _, said = worker.communicate(timeout=PATIENCE_S)
    assert (worker.returncode, said) == (-signal.SIGINT, b"")
