"""The limited child in which pictures are decoded: `python -m audit.photos.child <socket fd>`.

It keeps Pillow loaded and forks once per picture, so that each is decoded in a process that
has seen no other picture, holds no key, no database and no more memory or time than allowed.
The parent sends the limits as JSON together with two files: the picture, and where the reply
goes. When the decoding process has ended, its exit code comes back.
"""

import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from .develop import Refused, develop
from .rules import Limits
from .wire import EXIT, pack_picture, pack_refusal, unpack_limits

REPLY_BYTES = 32_000_000
PR_SET_PDEATHSIG = 1


def main(door: socket.socket) -> None:
    """Serve until the parent closes its end."""
    gc.freeze()
    while True:
        message, files, _flags, _address = socket.recv_fds(door, 1024, 2)
        if not message:
            return
        child = os.fork()
        if child == 0:
            door.close()
            _decode(unpack_limits(message), *files)
        for file in files:
            os.close(file)
        _pid, status = os.waitpid(child, 0)
        door.sendall(EXIT.pack(os.waitstatus_to_exitcode(status)))


def _decode(limits: Limits, source: int, target: int) -> None:
    """Never returns: whatever happens, this process ends here."""
    try:
        _limit(limits)
        with os.fdopen(source, "rb") as file:
            data = file.read()
        try:
            reply = pack_picture(develop(data, limits))
        except Refused as refused:
            reply = pack_refusal(refused.reason, refused.cause)
        with os.fdopen(target, "wb") as file:
            file.write(reply)
        os._exit(0)
    finally:
        os._exit(1)


def _limit(limits: Limits) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for what, amount in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, REPLY_BYTES),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (amount, amount))
    # The wall clock: no handler is set, so the alarm ends the process even inside a C loop.
    signal.alarm(limits.wall_seconds)


if __name__ == "__main__":
    os.chdir(Path(os.sep))
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        main(parent)
