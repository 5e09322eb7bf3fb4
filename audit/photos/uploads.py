"""Pictures that arrive in pieces: a phone goes on where the network broke off.

What has come of one lies in a file of its person, named by the hash that the whole will have. Its
pieces are not flushed: after a power cut the hash tells, and it is sent anew. Nobody sees it before
it is whole, decoded and kept like any other picture.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.errors import AuditError, NotAllowed
from audit.core.settings import settings

from .actions import photo_limits
from .gate import PhotoRefused
from .rules import Reason
from .storage import RESERVE_BYTES, StorageFull

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST_WAITING_BYTES = 500_000_000  # of one person
KEPT_SECONDS = 7 * 24 * 3600


class WrongOffset(AuditError):
    """Another piece is due: the one from `offset` on."""

    status = HTTPStatus.CONFLICT
    message = _("照片要从断开的地方接着传。")

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.headers = {"Upload-Offset": str(offset)}  # type: ignore[misc]


class OtherBytes(AuditError):
    """All has come, and it is not what its hash says. Nothing of it was kept."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("照片在路上损坏了，没有收下。手机会从头再传一次。")


class TooManyWaiting(AuditError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _("没有传完的照片太多。请先把它们传完；照片仍在手机里。")


def sent_photo_id(actor: Actor, sha256: str) -> UUID:
    """Of a picture sent by its hash: one of each content and person."""
    if actor.id is None:
        raise NotAllowed
    return uuid5(actor.id, sha256)


class Upload:
    """What has come of one picture. `sha256` is in lower-case hex."""

    def __init__(self, actor: Actor, sha256: str) -> None:
        if not DIGEST.fullmatch(sha256) or actor.id is None:
            raise ValueError("not the hash of a picture")
        self.sha256 = sha256
        self.folder = settings().var_dir / "uploads" / actor.id.hex
        self.path = self.folder / f"{sha256}.part"

    @property
    def offset(self) -> int:
        """How many bytes are here."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, offset: int, piece: bytes, size: int) -> int:
        """The next piece of a picture of so many bytes. Returns how many are here now.

        Raises `WrongOffset`, `PhotoRefused`, `StorageFull`, `TooManyWaiting`; then nothing has
        changed.
        """
        if size > photo_limits().bytes or offset + len(piece) > size:
            raise PhotoRefused(Reason.TOO_LARGE)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._check_room(len(piece))
        with self._alone() as file:
            here = os.fstat(file).st_size
            if here != offset:
                raise WrongOffset(here)
            try:
                _write(file, offset, piece)
            except OSError as error:
                os.ftruncate(file, offset)
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise StorageFull from error
                raise
            return offset + len(piece)

    def whole(self) -> bytes:
        """Raises `OtherBytes`, after which it begins at nothing again."""
        with suppress(FileNotFoundError):
            content = self.path.read_bytes()
            if hashlib.sha256(content).hexdigest() == self.sha256:
                return content
        self.drop()
        raise OtherBytes

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Two connections of one phone must not write into each other."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _check_room(self, more: int) -> None:
        usage = shutil.disk_usage(self.folder)
        if usage.free - more < min(RESERVE_BYTES, usage.total // 10):
            raise StorageFull
        waiting = sum(one.stat().st_size for one in self.folder.glob("*.part"))
        if waiting + more > MOST_WAITING_BYTES:
            raise TooManyWaiting


def _write(file: int, offset: int, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        done = os.pwrite(file, left, offset)
        left, offset = left[done:], offset + done


def sweep_uploads(folder: Path, older_than_seconds: float = KEPT_SECONDS) -> int:
    """Remove what nobody has gone on with; how many files."""
    removed = 0
    for path in folder.glob("*/*.part"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime >= older_than_seconds:
                path.unlink()
                removed += 1
    return removed
