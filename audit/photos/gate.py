"""The gate: hands bytes to the limited child and gives back a picture or a reason."""

import atexit
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import BinaryIO

from flask_babel import lazy_gettext as _

from audit.core.errors import AuditError, Busy
from audit.core.settings import ROOT

from .rules import Limits, Picture, Reason, kind_of
from .wire import EXIT, Garbled, pack_limits, unpack

log = logging.getLogger(__name__)

TIME_SIGNALS = (-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL)
GRACE_SECONDS = 5
WAIT_SECONDS = 30

MESSAGES = {
    Reason.TOO_LARGE: _("这张照片的文件太大。请在手机上把照片尺寸调小，或重新拍一张再上传。"),
    Reason.TOO_MANY_PIXELS: _("这张照片的像素太多。请在相机里把照片尺寸调小一档，再拍一张。"),
    Reason.NOT_AN_IMAGE: _("这个文件不是照片。请选择手机拍的照片（JPEG、PNG 或 WebP）。"),
    Reason.WRONG_FORMAT: _(
        "这种图片格式不能用。请改用 JPEG、PNG 或 WebP。"
        "苹果手机请在“设置—相机—格式”中选“兼容性最佳”后重拍；其他图片可截屏后上传截图。"
    ),
    Reason.BROKEN: _("这张照片不完整或已损坏。请重新选择这张照片再传；还是不行，请重拍一张。"),
    Reason.TOOK_TOO_LONG: _("这张照片处理得太久，没有收下。请把照片尺寸调小，或重拍一张再上传。"),
}
STATUS = {
    Reason.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.TOO_MANY_PIXELS: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.NOT_AN_IMAGE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Reason.WRONG_FORMAT: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


class PhotoRefused(AuditError):
    """The picture was not taken in, for this reason; sending it again will not help."""

    def __init__(self, reason: Reason, cause: str = "") -> None:
        super().__init__(MESSAGES[reason])
        self.reason = reason
        self.cause = cause
        self.status = STATUS.get(reason, HTTPStatus.UNPROCESSABLE_ENTITY)


class Gate:
    """Decodes at most `at_once` pictures at a time, each in a child of its own."""

    def __init__(self, limits: Limits | None = None, at_once: int = 1) -> None:
        self.limits = limits or Limits()
        self._children: queue.LifoQueue[_Child] = queue.LifoQueue()
        for _number in range(at_once):
            self._children.put(_Child())

    def decode(self, data: bytes, limits: Limits | None = None) -> Picture:
        """Raises `PhotoRefused`, or `Busy` when other pictures hold the gate for half a minute."""
        limits = limits or self.limits
        _check_before(data, limits)
        try:
            child = self._children.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise Busy from None
        try:
            code, reply = child.decode(data, limits)
        finally:
            self._children.put(child)
        return _judge(code, reply)

    def close(self) -> None:
        for child in list(self._children.queue):
            child.stop()


def _check_before(data: bytes, limits: Limits) -> None:
    """What can be said without decoding anything."""
    if len(data) > limits.bytes:
        raise PhotoRefused(Reason.TOO_LARGE)
    if not data:
        raise PhotoRefused(Reason.BROKEN, "empty")
    kind = kind_of(data[:16])
    if isinstance(kind, Reason):
        raise PhotoRefused(kind)


def _judge(code: int | None, reply: bytes) -> Picture:
    if code is None or code in TIME_SIGNALS:
        raise PhotoRefused(Reason.TOOK_TOO_LONG, f"exit {code}")
    if code != 0:
        log.warning("a picture ended its decoder: exit %s", code)
        raise PhotoRefused(Reason.BROKEN, f"exit {code}")
    try:
        result = unpack(reply)
    except Garbled as error:
        log.warning("a decoder gave a garbled reply: %s", error)
        raise PhotoRefused(Reason.BROKEN, "garbled") from error
    if isinstance(result, Picture):
        return result
    raise PhotoRefused(*result)


class _Child:
    """One `audit.photos.child`, started when first needed and again when it is gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None
        self._owner = 0

    def decode(self, data: bytes, limits: Limits) -> tuple[int | None, bytes]:
        """The exit code (None: the wall clock ran out) and what was replied."""
        try:
            return self._try(data, limits)
        except OSError:  # the kept child died, before or during this picture: once more
            self.stop()
            return self._try(data, limits)

    def _try(self, data: bytes, limits: Limits) -> tuple[int | None, bytes]:
        with _file(data) as source, _file(b"") as target:
            code = self._ask(limits, source, target)
            target.seek(0)
            return code, target.read()

    def _ask(self, limits: Limits, source: BinaryIO, target: BinaryIO) -> int | None:
        door = self._started()
        door.settimeout(limits.wall_seconds + GRACE_SECONDS)
        socket.send_fds(door, [pack_limits(limits)], [source.fileno(), target.fileno()])
        try:
            answer = door.recv(EXIT.size, socket.MSG_WAITALL)
        except TimeoutError:
            self.stop()
            return None
        if len(answer) != EXIT.size:
            raise ConnectionResetError
        code: int = EXIT.unpack(answer)[0]
        return code

    def _started(self) -> socket.socket:
        # After a fork of the server the child belongs to the other process: take a new one.
        if self._door is not None and self._owner == os.getpid():
            return self._door
        if self._door is not None:
            self._door.close()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "audit.photos.child", str(theirs.fileno())],
                cwd=ROOT,
                env={"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},  # it may start no thread
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._door, self._owner = ours, os.getpid()
        return ours

    def stop(self) -> None:
        """End the child and whatever it is decoding."""
        if self._door is not None:
            self._door.close()
        if self._process is not None and self._owner == os.getpid():
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._door = self._process = None


def _file(data: bytes) -> BinaryIO:
    """A nameless file, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        file: BinaryIO = os.fdopen(os.memfd_create("photo"), "w+b", buffering=0)
    else:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 -- the caller closes it
    file.write(data)
    file.seek(0)
    return file


_gates: dict[tuple[Limits, int], Gate] = {}
_opening = threading.Lock()


def gate(limits: Limits, at_once: int = 1) -> Gate:
    """The process's one gate for these limits; its children end with the process."""
    with _opening:
        key = (limits, at_once)
        if key not in _gates:
            _gates[key] = Gate(limits, at_once)
            atexit.register(_gates[key].close)
        return _gates[key]
