"""One HTTP request to an address that somebody typed: checked, dialled as checked, and no further.

The name is resolved once and the checked address itself is dialled, so that a name which changes
its address in between gains nothing. No redirect is followed; a slow answer is cut off.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from audit.browser.addresses import (
    AddressRefused,
    check_errand,
    check_target,
    check_url,
    host_and_port,
    parse_allowances,
)

CONNECT_S, WHOLE_S = 8.0, 20.0
MOST_READ = 2000


class NotSent(Exception):
    """`for_good`: another try will not help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.for_good = reason, for_good


@dataclass(frozen=True)
class Answer:
    """`text`: the first bytes, as far as they are text."""

    status: int
    text: str
    milliseconds: int


def ask(url: str, method: str, body: bytes, headers: Mapping[str, str], allow: str) -> Answer:
    """Raises `NotSent` where there is no answer. `allow`: private addresses that may be dialled,
    as in a setting."""
    began = time.monotonic()
    try:
        host, port = host_and_port(check_url(url))
        connected = _dial(host, port, allow)
    except AddressRefused as refused:
        raise NotSent(f"refused: {refused.reason}") from None
    except OSError as error:
        raise NotSent(f"no connection: {error}") from None
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _in_time(connected):
        try:
            plain = _secured(connected, host) if parts.scheme == "https" else connected
            status, text = _exchange(plain, parts.netloc, method, target, body, headers)
        except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
            raise NotSent(f"no answer: {type(error).__name__}: {error}") from None
    return Answer(status, text, round((time.monotonic() - began) * 1000))


def _dial(host: str, port: int, allow: str) -> socket.socket:
    check_errand(host)
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answers = list(dict.fromkeys(str(row[4][0]) for row in rows))
    check_target(host, port, answers, parse_allowances(allow))
    return socket.create_connection((answers[0], port), CONNECT_S)


def _secured(plain: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _exchange(
    connected: socket.socket,
    host: str,
    method: str,
    target: str,
    body: bytes,
    headers: Mapping[str, str],
) -> tuple[int, str]:
    line = http.client.HTTPConnection(host)
    line.sock = connected
    try:
        sent = {"User-Agent": "Tantu", "Connection": "close", **headers}
        line.request(method, target, body or None, sent)
        answer = line.getresponse()
        return answer.status, _as_text(answer.read(MOST_READ))
    finally:
        line.close()


def _as_text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)


@contextlib.contextmanager
def _in_time(connected: socket.socket) -> Iterator[None]:
    """A server that sends a byte now and then would else hold the worker for hours."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE_S, cut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connected.close()
