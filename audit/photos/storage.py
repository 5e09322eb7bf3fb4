"""Files that hold pictures: content-named, never changed, on disk before anyone is told.

A file is written beside its place under a temporary name, flushed, renamed, and its folder is
flushed; only then does `put` return. So a power cut leaves the whole file or no file.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from flask_babel import lazy_gettext as _

from audit.core.errors import AuditError

from .rules import KEY

TEMPORARY = ".part"
SEALED, READABLE = 0o400, 0o600
RESERVE_BYTES = 1_000_000_000  # left to the database, so that a flood of pictures stops no work


class StorageFull(AuditError):
    """The reserve is reached. Nothing was kept."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    message = _("照片存储空间已满，照片没有保存。请保留手机里的照片，并通知管理员清理空间。")


class StorageAway(AuditError):
    """The storage does not answer, or not as it should. Nothing was kept, nothing is lost."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _(
        "照片存储暂时连不上，照片没有收下。照片仍在您的手机里，"
        "请过几分钟再传；一直不行，请通知管理员。"
    )
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "60"}


@dataclass(frozen=True)
class Stored:
    """One file that lies there, whoever put it. `name` may be no key of ours."""

    name: str
    bytes: int
    age_seconds: float


class Storage(Protocol):
    """Where pictures lie: a folder, or by a setting a bucket (`bucket.py`).

    All but `stored` raise `ValueError` for what is not a key of a picture. Whoever asks holds no
    transaction open: a bucket may take seconds to answer, and then raises `StorageAway`.
    """

    def put(self, key: str, content: bytes, *, sealed: bool = False) -> None:
        """Afterwards the content is durable under `key`, and young. Putting it twice changes
        nothing else. Raises `StorageFull`."""

    def open(self, key: str) -> BinaryIO:
        """Raises `FileNotFoundError`."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """Afterwards nothing is there; no error when nothing was."""

    def stored(self) -> Iterator[Stored]:
        """Everything that lies there but uploads under way, by name."""

    def age_seconds(self, key: str) -> float:
        """Since it was put last. Raises `FileNotFoundError`."""

    def sweep(self, older_than_seconds: float = 3600) -> int:
        """Remove what uploads that died have left behind; returns how many files."""


def checked_key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("not the key of a picture")
    return key


class Disk:
    """The system calls that writing needs, one method each, so that their order can be proved."""

    def make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)

    def free_and_total(self, folder: Path) -> tuple[int, int]:
        """Bytes."""
        usage = shutil.disk_usage(folder)
        return usage.free, usage.total

    def write(self, path: Path, content: bytes, mode: int) -> None:
        """A new file, flushed to the disk."""
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(number)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def flush_folder(self, folder: Path) -> None:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


class FolderStorage:
    """Storage in a local folder. Only well-formed keys reach the file system."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self.root = root
        self.disk = disk or Disk()

    def put(self, key: str, content: bytes, *, sealed: bool = False) -> None:
        path = self._path(key)
        self._make(path.parent)
        if _holds(path, content):
            os.utime(path)  # young again, so that clearing orphans leaves it alone
        else:
            self._write(path, content, SEALED if sealed else READABLE)
        # Also when it was there: another upload may have renamed it and not yet flushed.
        self.disk.flush_folder(path.parent)

    def open(self, key: str) -> BinaryIO:
        return self._path(key).open("rb")

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        path = self._path(key)
        with suppress(FileNotFoundError):
            path.unlink()
            self.disk.flush_folder(path.parent)

    def stored(self) -> Iterator[Stored]:
        for path in sorted(self.root.rglob("*")):
            if path.name.endswith(TEMPORARY) or path.is_dir():
                continue
            with suppress(FileNotFoundError):
                known = path.lstat()
                name = path.relative_to(self.root).as_posix()
                yield Stored(name, known.st_size, time.time() - known.st_mtime)

    def age_seconds(self, key: str) -> float:
        return time.time() - self._path(key).stat().st_mtime

    def sweep(self, older_than_seconds: float = 3600) -> int:
        removed = 0
        for path in self.root.glob(f"*/??/??/.*{TEMPORARY}"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime >= older_than_seconds:
                    path.unlink()
                    removed += 1
        return removed

    def _write(self, path: Path, content: bytes, mode: int) -> None:
        free, total = self.disk.free_and_total(path.parent)
        if free - len(content) < min(RESERVE_BYTES, total // 10):
            raise StorageFull
        temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}{TEMPORARY}")
        try:
            self.disk.write(temporary, content, mode)
            self.disk.rename(temporary, path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull from error
            raise

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)

    def _make(self, folder: Path) -> None:
        """Make the folder and flush each new name into the folder above it."""
        if folder.is_dir():
            return
        self._make(folder.parent)
        with suppress(FileExistsError):
            self.disk.make_folder(folder)
        self.disk.flush_folder(folder.parent)


def _holds(path: Path, content: bytes) -> bool:
    """Whether the file is there and whole; a damaged one is written anew."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False
