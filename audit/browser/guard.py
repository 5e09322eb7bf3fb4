"""The only way out for a browser: a proxy on the loopback that checks what it dials.

A name is resolved once, every answer is checked, and the checked address itself is dialled, so
a name that changes its address between the two (DNS rebinding) gains nothing. Redirects, frames,
scripts and sockets of a page all come here, because they are all the browser's requests.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from socket import SOCK_STREAM, gaierror
from types import TracebackType
from typing import Self

from .addresses import (
    BROWSERS_OWN,
    AddressRefused,
    Allowance,
    check_errand,
    check_target,
    plain_host,
)
from .proxying import BadRequest, Request, read_request, relay, send_on

Resolver = Callable[[str, int], Awaitable[list[str]]]


class Verdict(StrEnum):
    DIALLED = "dialled"
    REFUSED = "refused"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    SILENT = "silent"


@dataclass(frozen=True)
class Passage:
    """One request that reached the guard, and what became of it. `at` is `time.monotonic()`."""

    at: float
    host: str
    port: int
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class GuardSettings:
    allowed: tuple[Allowance, ...] = ()
    connect_s: float = 8
    patience_s: float = 12
    max_answer_bytes: int = 200_000_000


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system for every address of a host, IPv4 and IPv6."""
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class EgressGuard:
    """A proxy in a thread of its own; use as a context manager.

    `passages` keeps the last 5,000 requests. Any program on this machine may use the proxy while
    it runs; it gives nobody more than the open internet and the allowances.
    """

    def __init__(self, settings: GuardSettings | None = None, resolver: Resolver = resolve) -> None:
        self.settings = settings or GuardSettings()
        self.passages: deque[Passage] = deque(maxlen=5000)
        self.port = 0
        self._resolver = resolver
        self._loop = asyncio.new_event_loop()
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="egress-guard", daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def failure(self, host: str, port: int, since: float) -> Passage | None:
        """The last request for this host since then, if the guard did not let it through."""
        for passage in reversed(tuple(self.passages)):
            if passage.at >= since and (passage.host, passage.port) == (plain_host(host), port):
                return None if passage.verdict is Verdict.DIALLED else passage
        return None

    def refusals(self, since: float) -> tuple[Passage, ...]:
        """What pages were refused since then, oldest first, each host and port once."""
        found: dict[tuple[str, int], Passage] = {}
        for passage in tuple(self.passages):
            of_a_page = passage.verdict is Verdict.REFUSED and passage.reason != BROWSERS_OWN
            if passage.at >= since and of_a_page:
                found.setdefault((passage.host, passage.port), passage)
        return tuple(found.values())

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        if not self.port:
            raise OSError("the egress guard could not open a port on the loopback")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._ready.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        open_connections: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = self._loop.create_task(self._attend(reader, writer))
            open_connections.add(task)
            task.add_done_callback(open_connections.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=65536)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in tuple(open_connections):
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(read_request(reader), 30)
            await self._pass_on(request, reader, writer)
        except (BadRequest, TimeoutError, asyncio.IncompleteReadError):
            await _answer(writer, 400, "bad request")
        except OSError:
            pass  # the browser hung up
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _pass_on(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            upstream = await self._dial(request.host, request.port)
        except _Stopped as stop:
            self._note(request, stop.verdict, stop.reason)
            await _answer(writer, 403 if stop.verdict is Verdict.REFUSED else 502, stop.reason)
            return
        self._note(request, Verdict.DIALLED)
        to_site = upstream[1]
        try:
            await send_on(request, writer, to_site)
            spoke = await relay(
                (reader, writer), upstream, request, self.settings.patience_s,
                self.settings.max_answer_bytes,
            )  # fmt: skip
            if not spoke:
                self._note(request, Verdict.SILENT)
                if request.head is not None:  # else the browser would ask again, and wait again
                    await _answer(writer, 504, Verdict.SILENT)
        finally:
            to_site.close()
            with contextlib.suppress(OSError):
                await to_site.wait_closed()

    async def _dial(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to an address of the host that has been checked; _Stopped otherwise."""
        try:
            check_errand(host)  # before its name is looked up, which is an errand too
            answers = await self._resolver(host, port)
            check_target(host, port, answers, self.settings.allowed)
        except AddressRefused as refused:
            raise _Stopped(Verdict.REFUSED, refused.reason) from None
        except (gaierror, UnicodeError, OSError):
            raise _Stopped(Verdict.UNRESOLVED, "unresolved") from None
        for answer in answers:
            with contextlib.suppress(OSError, TimeoutError):
                return await asyncio.wait_for(
                    asyncio.open_connection(answer, port, limit=65536), self.settings.connect_s
                )
        raise _Stopped(Verdict.UNREACHABLE, "unreachable")

    def _note(self, request: Request, verdict: Verdict, reason: str = "") -> None:
        self.passages.append(
            Passage(time.monotonic(), plain_host(request.host), request.port, verdict, reason)
        )


class _Stopped(Exception):
    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason


async def _answer(writer: asyncio.StreamWriter, status: int, reason: str) -> None:
    """Tell the browser why nothing was dialled; a page sees no more than a failed request."""
    body = f"egress guard: {reason}\n".encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        writer.write(head.encode() + body)
        await writer.drain()
