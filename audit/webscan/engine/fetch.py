"""Fetching small files (robots.txt, site maps) without a browser, through the same guard."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from audit.browser.addresses import AddressRefused, check_url, host_and_port
from audit.browser.guard import EgressGuard

MAX_BYTES = 10_000_000
TIMEOUT_S = 10
TOTAL_S = 30
CHUNK = 65536


@dataclass(frozen=True)
class Fetched:
    """What came back. `status` is 0 when no site answered; a body past the limit is cut."""

    status: int
    body: bytes = b""


class Fetcher:
    """Reads files over http(s), following redirects, through the guard alone."""

    def __init__(self, guard: EgressGuard, agent: str) -> None:
        self._guard = guard
        self._agent = agent
        # Nothing but http and https is built in: an opener knows file: and ftp: otherwise.
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            _ThroughGuard(guard),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def get(self, url: str, max_bytes: int = MAX_BYTES) -> Fetched:
        """The file, or what happened instead; never raises for what the site does."""
        started = time.monotonic()
        try:
            request = urllib.request.Request(  # noqa: S310 - the opener knows http only
                check_url(url), headers={"User-Agent": self._agent, "Accept": "*/*"}
            )
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return Fetched(int(answer.status), _read(answer, max_bytes))
        except urllib.error.HTTPError as error:
            with error:
                is_guards = self._guard.failure(*host_and_port(error.url), started) is not None
                return Fetched(0 if is_guards else error.code)
        except (AddressRefused, OSError, http.client.HTTPException, ValueError):
            return Fetched(0)


class _ThroughGuard(urllib.request.BaseHandler):
    """Sends every request to the guard. urllib's own ProxyHandler dials the target itself where
    the environment's `no_proxy` names it."""

    handler_order = 100  # before the handlers that dial

    def __init__(self, guard: EgressGuard) -> None:
        self._at = f"127.0.0.1:{guard.port}"

    def http_open(self, request: urllib.request.Request) -> None:
        request.set_proxy(self._at, "http")

    https_open = http_open


def _read(answer: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """Read up to the limit of size and of time, for a server may dribble for ever."""
    body, limit = b"", time.monotonic() + TOTAL_S
    while len(body) < max_bytes and time.monotonic() < limit:
        chunk = answer.read1(min(CHUNK, max_bytes - len(body)))
        if not chunk:
            break
        body += chunk
    return body
