"""A referral pack as one ZIP, streamed: papers, tables and the originals of its photos.

The same bytes each time: nothing in it is compressed, the order is fixed, and every member bears
the moment of issue. Never more than one file is in memory.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from audit.core.clock import here

from .rules.content import digest_of

SUMS = "SHA256SUMS"
HOW = "HOW-TO-CHECK.txt"
HOW_TEXT = """核对这个压缩文件
1. 整个压缩文件的 SHA-256，应与平台上这份文书页面所写的一致。
2. 解压后，在这个文件夹里运行：  sha256sum -c SHA256SUMS
   每一行都应是 OK（macOS：shasum -a 256 -c SHA256SUMS）。
   Windows 逐个核对：  certutil -hashfile 文件名 SHA256
3. manifest.json 记有文书内容的校验值和签发时平台日志链的末端，可请平台的日志管理员核对。
"""


@dataclass(frozen=True)
class Member:
    """One file of the ZIP; `read` gives its bytes when its turn comes."""

    name: str
    sha256: str
    read: Callable[[], bytes]


class _Pipe:
    """What zipfile writes to: nothing is kept once it was taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def taken(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def zipped(folder: str, members: Iterable[Member], issued_at: datetime) -> Iterator[bytes]:
    """The ZIP in parts. Ends with the list of sums, and what zipfile writes last."""
    pipe, told = _Pipe(), list[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for one in members:
            told.append(f"{one.sha256}  {one.name}\n")
            archive.writestr(_entry(folder, one.name, issued_at), one.read())
            yield pipe.taken()
        archive.writestr(_entry(folder, SUMS, issued_at), "".join(told))
    yield pipe.taken()


def _entry(folder: str, name: str, issued_at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{folder}/{name}", here(issued_at).timetuple()[:6])
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    return entry


def how_to_check() -> Member:
    raw = HOW_TEXT.encode()
    return Member(HOW, digest_of(raw), lambda: raw)
