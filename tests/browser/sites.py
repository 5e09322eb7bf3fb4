"""Small web sites on the loopback: they count what is asked of them and can misbehave."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What a path answers. `hang` sends the head (and the body so far) and then nothing more;
    `mute` does not even send a head; `reset` closes the connection without a word."""

    body: bytes | str = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    mute: bool = False
    reset: bool = False


Routes = dict[str, Answer | str]


class Site:
    """A site on one free port. `hits` holds the path (with query) of every request so far."""

    def __init__(self, routes: Routes, find: Callable[[str], Answer | None] | None = None) -> None:
        self.routes = routes
        self.hits: list[str] = []
        self.headers_seen: list[dict[str, str]] = []
        self.connections = 0
        self.ending = threading.Event()
        self._find = find
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str) -> Answer:
        found = self.routes.get(path) or self.routes.get(path.split("?")[0])
        if found is None and self._find is not None:
            found = self._find(path.split("?")[0])
        if found is None:
            return Answer("<title>404</title>", status=404)
        return Answer(found) if isinstance(found, str) else found

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no event here."""


def _handler(site: Site) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            site.connections += 1
            super().setup()

        def do_GET(self) -> None:
            site.hits.append(self.path)
            site.headers_seen.append(dict(self.headers))
            answer = site.answer(self.path)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            if answer.reset or answer.mute:
                if answer.mute:
                    site.ending.wait()
                self.close_connection = True
                return
            self.send_response(answer.status)
            if answer.content_type:
                self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + (1 if answer.hang else 0)))
            self.end_headers()
            self.wfile.write(body)
            if answer.hang:
                self.wfile.flush()
                site.ending.wait()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing on the test's terminal."""

    return Handler


@contextmanager
def served(routes: Routes) -> Iterator[Site]:
    with Site(routes) as site:
        yield site
