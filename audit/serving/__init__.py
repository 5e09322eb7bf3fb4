"""The server process: waitress, with TLS in front of it where there is a certificate."""

import contextlib
import logging
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import click
from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from audit.app import MEGABYTE, create_app
from audit.core.settings import Settings, load_settings
from audit.queue.keeper import WorkerKeeper
from audit.setup import check_ground

from .certificate import trial_certificate
from .tls import TlsFront, tls_context

log = logging.getLogger(__name__)

CONNECTIONS = 1000
OPEN_FILES = 6144  # a connection holds up to five: itself, what came in, what goes out; TLS two
IDLE_SECONDS = 120
LOOK_EVERY_SECONDS = 10
HEADERS_SECONDS = 60
BODY_SECONDS = 600
DRAIN_SECONDS = 10


def serve(
    host: str, port: int, threads: int, with_worker: bool, first: Callable[[Flask], None],
    *, on_trial: bool = False,
) -> None:  # fmt: skip
    """Blocks until Ctrl-C or SIGTERM; then every child has ended.

    `first` makes ready what the pages need. It may take minutes, so the port is taken before: who
    asks meanwhile waits for the answer. `on_trial`: HTTPS with a certificate of our own making.
    """
    check_ground()
    chosen = load_settings()
    app = create_app(_for_trial(chosen, host, port) if on_trial else chosen)
    server = Server(app, host, port, threads)
    first(app)
    worker = WorkerKeeper() if with_worker else None
    with _stop_signals() as stopping:
        if worker:
            worker.start()
        click.echo(f"坦途 Tantu: {server.scheme}://{host}:{port}")
        server.run(stopping)
        if worker:
            worker.stop()


def _for_trial(chosen: Settings, host: str, port: int) -> Settings:
    trial = trial_certificate(chosen.var_dir / "tls", host)
    address = f"https://{trial.address}:{port}"
    click.echo(f"on the phone: trust {trial.authority}, then open {address}")
    told = {"tls_certificate": str(trial.certificate), "tls_key": str(trial.key)}
    return chosen.model_copy(update={**told, "public_url": address, "hsts": False})


class Server:
    """Waitress, set for slow phones: it reads a request whole, in one thread for all, before one
    of the worker threads sees it, so that many slow ones starve nobody."""

    def __init__(self, app: Flask, host: str, port: int, threads: int) -> None:
        _allow_open_files()
        self._sockets: dict[int, Any] = {}
        self._dispatcher = ThreadedTaskDispatcher()
        chosen: Settings = app.config["SETTINGS"]
        self._tls: TlsFront | None = None
        if chosen.tls_certificate:
            self._tls = TlsFront(tls_context(chosen.tls_certificate, chosen.tls_key))
        self.scheme = "https" if self._tls else "http"
        adjustments = _adjustments(chosen, host, port, threads, self.scheme)
        try:
            self._doors = [
                Door(
                    app,
                    tls=self._tls,
                    map=self._sockets,
                    dispatcher=self._dispatcher,
                    adj=adjustments,
                    sockinfo=address,
                )
                for address in adjustments.listen
            ]
        except OSError as error:
            wasyncore.close_all(self._sockets)
            raise click.ClickException(
                f"cannot listen on {host}:{port} ({error.strerror}): end the program that "
                "already does, or choose another --port"
            ) from error
        self._dispatcher.set_thread_count(threads)

    def run(self, stopping: threading.Event) -> None:
        """Answer until `stopping`; then take nothing new and finish what has begun."""
        while not stopping.is_set():
            self._poll(1)
        for door in self._doors:
            door.shut()
        limit = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < limit and any(door.is_busy() for door in self._doors):
            self._poll(0.1)
        self._dispatcher.shutdown()
        wasyncore.close_all(self._sockets)
        if self._tls:
            self._tls.close()

    def _poll(self, seconds: float) -> None:
        # poll(), for select() knows no file number above 1,023
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)


def _adjustments(chosen: Settings, host: str, port: int, threads: int, scheme: str) -> Adjustments:
    return Adjustments(
        host=host,
        port=port,
        threads=threads,
        ident=None,
        url_scheme=scheme,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=LOOK_EVERY_SECONDS,
        max_request_header_size=64_000,
        max_request_body_size=200 * MEGABYTE,
        # without a proxy in front nobody may say by a header where a request came from
        clear_untrusted_proxy_headers=not chosen.behind_proxy,
    )


class Door(TcpWSGIServer):
    """One listening socket. Cuts off a request that takes too long to arrive: waitress by itself
    ends only idle connections, and a byte a minute is not idle."""

    def __init__(self, *args: Any, tls: TlsFront | None = None, **kwargs: Any) -> None:
        self._since: WeakKeyDictionary[object, float] = WeakKeyDictionary()
        self._tls = tls
        super().__init__(*args, **kwargs)

    def accept(self) -> tuple[socket.socket, Any] | None:
        accepted: tuple[socket.socket, Any] | None = super().accept()
        if accepted is None or self._tls is None:
            return accepted
        connection, address = accepted
        super().set_socket_options(connection)
        return self._tls.receive(connection), address

    def set_socket_options(self, conn: socket.socket) -> None:
        """Those of TCP; the end of a pair has none."""
        if self._tls is None:
            super().set_socket_options(conn)

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            arriving = channel.request
            if arriving is None:
                continue
            limit = BODY_SECONDS if arriving.headers_finished else HEADERS_SECONDS
            if now - self._since.setdefault(arriving, now) > limit:
                channel.will_close = True

    def shut(self) -> None:
        """Accept nobody any more."""
        self.del_channel()
        self.socket.close()

    def is_busy(self) -> bool:
        """Whether an answer is being made or sent."""
        channels = list(self.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextlib.contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM or a closed terminal sets (not the last, under nohup)."""
    stopping = threading.Event()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    for number in numbers:
        signal.signal(number, lambda *_: stopping.set())
    yield stopping
