"""The wire side of the guard: reads a proxy request, sends it on, carries bytes both ways."""

import asyncio
import contextlib
from dataclasses import dataclass
from urllib.parse import urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

# Headers that speak to the next hop only. Upgrade among them: sockets come by CONNECT.
_HOP_HEADERS = (
    b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive", b"te", b"upgrade",
)  # fmt: skip


class BadRequest(Exception):
    """What came is no request for a proxy."""


@dataclass(frozen=True)
class Request:
    """Where the browser wants to go. `head` is what the site shall read; None for a tunnel."""

    host: str
    port: int
    head: bytes | None


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Read the head of one request; BadRequest unless it names a host and port."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise BadRequest from None
    line, _, rest = head.partition(b"\r\n")
    try:
        method, target, version = line.decode("ascii").split(" ")
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = parts.hostname, parts.port
    except (UnicodeDecodeError, ValueError):
        raise BadRequest from None
    if not host:
        raise BadRequest
    if method == "CONNECT":
        if port is None:
            raise BadRequest
        return Request(host, port, None)
    if parts.scheme != "http":
        raise BadRequest
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    first = f"{method} {path} {version}".encode("ascii")
    return Request(host, port or 80, first + b"\r\n" + for_one_exchange(rest))


def for_one_exchange(headers: bytes) -> bytes:
    """Drop what concerns the connection and ask to close it after this exchange.

    A connection kept open would carry the browser's next request, to another host, to this one.
    """
    kept = [
        line
        for line in headers.split(b"\r\n")
        if line and line.split(b":", 1)[0].strip().lower() not in _HOP_HEADERS
    ]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""])


async def send_on(
    request: Request, to_browser: asyncio.StreamWriter, to_site: asyncio.StreamWriter
) -> None:
    """Open the tunnel for the browser, or give the site its request."""
    if request.head is None:
        to_browser.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await to_browser.drain()
    else:
        to_site.write(request.head)
        await to_site.drain()


async def relay(
    browser: Streams, site: Streams, request: Request, patience_s: float, max_bytes: int
) -> bool:
    """Carry bytes both ways until either side ends or the site falls silent.

    False when the site never said a word. Silence ends a connection because the browser itself
    waits for ever, and its driver with it.
    """
    (from_browser, to_browser), (from_site, to_site) = browser, site
    upward = asyncio.ensure_future(_pump(from_browser, to_site, max_bytes, None))
    try:
        first = await asyncio.wait_for(_first_words(from_site, request), patience_s)
        if not first:
            return False
        to_browser.write(first)
        await to_browser.drain()
        await _pump(from_site, to_browser, max_bytes, patience_s)
    except TimeoutError:
        return False
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        upward.cancel()
        await asyncio.gather(upward, return_exceptions=True)
    return True


async def _first_words(from_site: asyncio.StreamReader, request: Request) -> bytes:
    """The first bytes of a tunnel, or an answer's head made fit for one exchange."""
    if request.head is None:
        return await from_site.read(65536)
    before = b""
    while True:
        head = await from_site.readuntil(b"\r\n\r\n")
        status, _, headers = head.partition(b"\r\n")
        if status.split(b" ")[1:2] and status.split(b" ")[1].startswith(b"1"):
            before += head  # 100 Continue, 103 Early Hints: the answer is still to come
            continue
        return before + status + b"\r\n" + for_one_exchange(headers)


async def _pump(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    max_bytes: int,
    patience_s: float | None,
) -> None:
    carried = 0
    with contextlib.suppress(OSError, TimeoutError):
        while carried < max_bytes:
            chunk = await asyncio.wait_for(source.read(65536), patience_s)
            if not chunk:
                return
            sink.write(chunk)
            await sink.drain()
            carried += len(chunk)
