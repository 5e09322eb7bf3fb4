"""TLS in front of waitress, which has none.

Waitress accepts the connection and is handed one end of a socket pair instead; one thread with an
event loop ends TLS on the real connection and carries the bytes. So waitress keeps its limits and
its patience, knows who asks (a proxy on a port of its own would hide that), and no request is
parsed twice.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading

import click

log = logging.getLogger(__name__)

PIECE = 64 * 1024
HANDSHAKE_SECONDS = 20
FLUSH_SECONDS = 5
BROKEN = (OSError, ssl.SSLError, EOFError, TimeoutError)


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """Raises `ClickException`, which says what is wrong with the files."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise click.ClickException(
            f"cannot use the certificate {certificate} with the key {key} ({error}): name a PEM "
            "file with the whole chain in TANTU_TLS_CERTIFICATE and its key in TANTU_TLS_KEY"
        ) from error
    return context


class TlsFront:
    """One thread that ends TLS for every connection."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._under_way: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tls", daemon=True)
        self._thread.start()

    def receive(self, connection: socket.socket) -> socket.socket:
        """Take over an accepted connection; what comes back speaks plainly for it."""
        plain, ours = socket.socketpair()
        for one in (connection, ours):
            one.setblocking(False)
        self._loop.call_soon_threadsafe(self._begin, connection, ours)
        return plain

    def close(self) -> None:
        """Send what waitress has answered, then end every connection."""
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FLUSH_SECONDS)
        left = list(self._under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _begin(self, connection: socket.socket, ours: socket.socket) -> None:
        task = self._loop.create_task(self._carry(connection, ours))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry(self, connection: socket.socket, ours: socket.socket) -> None:
        try:
            outer = await self._secured(connection)
        except BROKEN as error:
            log.debug("no TLS with this client: %s", error)
            connection.close()
            ours.close()
            return
        inner = await asyncio.open_connection(sock=ours)
        both = [asyncio.create_task(_pump(*pair)) for pair in _crossed(outer, inner)]
        try:  # TLS knows no half-closed connection: when one side ends, all ends
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            for writer in (outer[1], inner[1]):
                writer.close()
                with contextlib.suppress(*BROKEN):
                    await writer.wait_closed()

    async def _secured(
        self, connection: socket.socket
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader = asyncio.StreamReader(limit=PIECE)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await self._loop.connect_accepted_socket(
            lambda: protocol, connection, ssl=self._context,
            ssl_handshake_timeout=HANDSHAKE_SECONDS,
        )  # fmt: skip
        return reader, asyncio.StreamWriter(transport, protocol, reader, self._loop)


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _crossed(outer: Stream, inner: Stream) -> list[Stream]:
    return [(outer[0], inner[1]), (inner[0], outer[1])]


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(*BROKEN):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
