"""A browser's family of processes: counted, weighed and ended by process id (Linux `/proc`)."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    session: int


def family(leader: int) -> list[int]:
    """Every living process below `leader`, or in the session it leads, itself included.

    The session matters because a dead driver's browser belongs to init, no longer to the driver.
    """
    table = _table()
    members = {leader} | {one.pid for one in table if one.session == leader}
    grew = True
    while grew:
        below = {one.pid for one in table if one.parent in members} - members
        members |= below
        grew = bool(below)
    return sorted(members & {one.pid for one in table})


def memory_mb(leader: int) -> int:
    """Memory that the family holds for itself alone (resident less shared), in MiB."""
    return sum(_private_bytes(pid) for pid in family(leader)) // 2**20


def start_ticks(pid: int) -> int | None:
    """When a process began, in clock ticks since the machine did; None if there is no such."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])
    return None


def end_family(leader: int, wait_s: float = 5) -> bool:
    """Kill the whole family at once. True when nobody is left."""
    limit = time.monotonic() + wait_s
    while members := family(leader):
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


def _table() -> list[_Process]:
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            # "pid (name) state ppid pgrp session …"; the name may hold spaces and brackets.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if fields[0] not in "ZX":
                found.append(_Process(int(entry.name), int(fields[1]), int(fields[3])))
    return found


def _private_bytes(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = (PROC / str(pid) / "statm").read_text().split()
        return max(0, int(fields[1]) - int(fields[2])) * PAGE_BYTES
    return 0
