"""What a power cut could take: proved from the system calls, where a kill cannot show it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .pictures import jpeg

ROOT = Path(__file__).resolve().parents[2]
UPLOAD = """
import os, sys
from pathlib import Path
from flask import Flask
from audit.core import db as core_db, language
from audit.core.actors import SYSTEM
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.core.settings import Settings
from audit.journal.models import JournalEntry, JournalHead
from audit.photos.actions import keep_photo, receive_photo
from audit.photos.models import Photo

var = Path(sys.argv[1])
chosen = Settings(var_dir=var, database_url=f"sqlite:///{var / 'rows.db'}")
app = Flask("photos")
app.config.update(SETTINGS=chosen, SQLALCHEMY_DATABASE_URI=chosen.database())
core_db.init_app(app)
language.init_app(app)
with app.app_context():
    tables = [model.__table__ for model in (JournalEntry, JournalHead, Photo)]
    db.metadata.create_all(db.engine, tables=tables)
    os.write(1, b"begin")
    received = receive_photo((var / "sent.jpg").read_bytes(), SYSTEM)
    with transaction():
        keep_photo(new_id(), received, SYSTEM)
    os.write(1, b"answered")
"""
CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += \d")


def can_trace() -> bool:
    strace = shutil.which("strace")
    return (
        bool(strace)
        and subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode == 0
    )


def traced_upload(folder: Path) -> list[tuple[str, str]]:
    """The calls that write an upload, in order, each with the file it is about."""
    (folder / "sent.jpg").write_bytes(jpeg())
    log = folder / "calls.txt"
    calls = "fsync,fdatasync,rename,renameat,renameat2,write"
    command = ["strace", "-f", "-y", "-o", str(log), "-e", f"trace={calls}"]
    upload = [sys.executable, "-c", UPLOAD, str(folder)]
    subprocess.run([*command, *upload], cwd=ROOT, check=True, capture_output=True, timeout=120)
    found = [match.groups() for line in log.read_text().splitlines() if (match := CALL.match(line))]
    begun = next(at for at, (_name, what) in enumerate(found) if '"begin"' in what)
    return found[begun:]


@pytest.mark.skipif(not can_trace(), reason="strace is missing or may not trace")
def test_bytes_are_durable_before_the_row_and_the_row_before_the_answer(tmp_path: Path) -> None:
    calls = traced_upload(tmp_path)

    def places(name: str, about: str) -> list[int]:
        return [
            at for at, (call, what) in enumerate(calls) if re.match(name, call) and about in what
        ]

    written = places("fsync", ".part>")
    named = places("rename", ".part")
    folders = [
        at for at in places("fsync", "/photos") if ".part" not in calls[at][1] and at > min(named)
    ]
    rows = places("f(data)?sync", "rows.db")
    (answered,) = places("write", '"answered"')
    assert len(written) == len(named) == 4
    for flush, rename in zip(written, named, strict=True):
        assert flush < rename
        assert any(rename < folder < min(rows) for folder in folders)
    assert max(folders) < min(rows)
    assert max(rows) < answered
