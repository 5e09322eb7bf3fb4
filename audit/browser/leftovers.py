"""Browsers whose owner was killed: they belong to nobody and would run for ever.

Each browser's home folder says which process owns it. Whoever starts a browser next ends those
whose owner is gone and removes their homes.
"""

import contextlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from .processes import PROC, end_family, start_ticks

PREFIX = "tantu-browser-"
_OWNER = "owner.json"
_UNCLAIMED_S = 3600


def make_home() -> Path:
    """A fresh folder for one browser, claimed by this process."""
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    pid = os.getpid()
    (home / _OWNER).write_text(json.dumps({"pid": pid, "ticks": start_ticks(pid)}))
    return home


def sweep_leftovers() -> int:
    """End the browsers of dead owners; how many homes were cleared away."""
    cleared = 0
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if home.stat().st_uid == os.geteuid() and not _is_owned(home):
                _clear(home)
                cleared += 1
    return cleared


def _is_owned(home: Path) -> bool:
    """Whether the process that made the folder still lives; its start tells a reused id apart."""
    try:
        owner = json.loads((home / _OWNER).read_text())
        ticks = start_ticks(int(owner["pid"]))
        return ticks is not None and ticks == owner["ticks"]
    except (OSError, ValueError, KeyError, TypeError):
        return time.time() - home.stat().st_mtime < _UNCLAIMED_S


def _clear(home: Path) -> None:
    for pid in _processes_of(home):
        end_family(pid)
    shutil.rmtree(home, ignore_errors=True)


def _processes_of(home: Path) -> list[int]:
    """The processes that were started with this home: proof that they are that browser's."""
    mark = f"TMPDIR={home}\0".encode()
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found
