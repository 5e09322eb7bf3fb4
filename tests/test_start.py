"""The two commands: what they say, what they install from, what they leave running."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from audit.core.settings import ROOT
from tests.processes import PATIENCE_S, eventually, free_port, healthy

SCRIPTS = [path for path in sorted((ROOT / "scripts").iterdir()) if path.is_file()]


def said_by(script: Path, option: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([script, option], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_says_what_it_does(script: Path) -> None:
    assert script.stat().st_mode & stat.S_IXUSR
    answer = said_by(script, "--help")
    assert answer.returncode == 0, answer.stderr
    assert len(answer.stdout.split()) > 5


@pytest.mark.parametrize("name", ["start", "setup"])
def test_an_unknown_option_is_refused(name: str) -> None:
    answer = subprocess.run(
        [ROOT / "scripts" / name, "--prot"], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "--help" in answer.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product in a folder whose name has a space, with the libraries that are here."""
    folder = tmp_path / "a b" / "坦途"
    (folder / "audit").parent.mkdir(parents=True)
    for name in ("audit", "templates", "static", "checklists", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "run.py", *ROOT.glob("requirements*")):
        shutil.copy(path, folder)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    return folder


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[str], int]:
    port = free_port()
    server = subprocess.Popen(
        [folder / "scripts" / "start", "--port", str(port), *options],
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    eventually(lambda: healthy(port) or server.poll() is not None)
    return server, port


def stopped(server: subprocess.Popen[str]) -> str:
    server.terminate()
    said, _ = server.communicate(timeout=PATIENCE_S)
    assert server.returncode == 0, said
    return said


def rows(path: Path) -> dict[str, set[str]]:
    """A hash of each row, by table."""
    with closing(sqlite3.connect(path)) as base:
        names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: {
                sha256(repr(row).encode()).hexdigest()
                for row in base.execute(f'SELECT * FROM "{name}"')
            }
            for (name,) in names
        }


def test_start_works_from_anywhere_and_says_the_first_passwords_once(copy: Path) -> None:
    server, port = started(copy)
    first = stopped(server)
    assert f"http://127.0.0.1:{port}" in first
    passwords = re.findall(r"密码 (\S+)", first)
    assert len(passwords) == 2
    kept = rows(copy / "var" / "tantu.db")
    assert kept["district"] and kept["user_account"] and kept["journal_entry"]

    server, _ = started(copy)
    again = stopped(server)
    assert not [one for one in passwords if one in again]
    assert "密码" not in again
    now = rows(copy / "var" / "tantu.db")
    lost = {table: len(old - now[table]) for table, old in kept.items() if old - now[table]}
    assert lost == {}


def test_the_libraries_of_the_tests_include_those_of_the_product() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))

    assert len(pins("requirements.txt")) > 50
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-uv"])
def test_every_library_is_pinned_by_hash(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    assert all("==" in line and "--hash=sha256:" in line for line in lines)


def test_a_start_loads_nothing_slow_that_it_does_not_need() -> None:
    """The second start answers within three seconds; each of these costs a tenth of that."""
    slow = {"folium", "shapely", "numpy", "PIL", "selenium", "alembic", "huey", "psycopg"}
    code = "import sys, audit.cli, audit.serving; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert slow & set(answer.stdout.split()) == set()
