"""The sample government website: a few static pages with known faults, served on the loopback."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PAGES = Path(__file__).parent / "pages"
HOST = "127.0.0.1"
FRONT = "index.html"


class Site(ThreadingHTTPServer):
    """Serves the files of `pages/` by name and nothing else. Port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.files = {path.name: path for path in sorted(PAGES.iterdir()) if path.is_file()}
        super().__init__((HOST, port), _Reader)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/"


class _Reader(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.server.files.get(urlsplit(self.path).path.lstrip("/") or FRONT)
        body = path.read_bytes() if path else "没有这一页".encode()
        kind = mimetypes.guess_type(path.name)[0] if path else "text/plain"
        self.send_response(HTTPStatus.OK if path else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal."""


@contextmanager
def serve_site(port: int = 0) -> Iterator[str]:
    """The sample website while the block lasts; yields its address.

    Raises OSError where the port is taken.
    """
    site = Site(port)
    reader = threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True)
    reader.start()
    try:
        yield site.url
    finally:
        site.shutdown()
        site.server_close()
        reader.join()
