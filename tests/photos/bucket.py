"""A real S3 server (rclone's) on this machine, and a faulty line to it."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from pydantic import SecretStr

from audit.photos.bucket import Bucket

KEY_ID, SECRET = "tantu", "a secret of the tests"
RCLONE = Path(sys.executable).with_name("rclone")
PORT = re.compile(r"http://127\.0\.0\.1:(\d+)/")
QUIET = ("content-length", "transfer-encoding", "connection")


@contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """Its port. It keeps its buckets in `folder`."""
    assert RCLONE.exists(), "the S3 server of the tests is missing: run scripts/setup --dev"
    command = [RCLONE, "serve", "s3", folder, "--addr", "127.0.0.1:0", "--config", "/dev/null"]
    server = subprocess.Popen(
        [*command, "--auth-key", f"{KEY_ID},{SECRET}"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        yield next(int(found[1]) for line in server.stderr if (found := PORT.search(line)))
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


class FaultyLine:
    """Hands each request on to the server; `fault` may answer (a status) or spoil it instead."""

    def __init__(self, server_port: int, bucket: str) -> None:
        self.server_port = server_port
        self.bucket = bucket
        self.port = 0
        self.fault: Callable[[str, str], int | None] = lambda _method, _path: None
        self.spoil: Callable[[bytes], bytes] = lambda body: body
        self.asked: list[tuple[str, str]] = []

    def place(self, secret: str = SECRET) -> Bucket:
        return Bucket(f"http://127.0.0.1:{self.port}", self.bucket, "us-east-1", KEY_ID, secret)

    def settings(self) -> dict[str, object]:
        return {
            "photo_storage": "s3",
            "s3_endpoint": self.place().endpoint,
            "s3_bucket": self.bucket,
            "s3_key_id": KEY_ID,
            "s3_key_secret": SecretStr(SECRET),
        }


@contextmanager
def faulty_line(server_port: int, bucket: str) -> Iterator[FaultyLine]:
    line = FaultyLine(server_port, bucket)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            line.asked.append((self.command, self.path))
            status = line.fault(self.command, self.path)
            if status is not None:
                self._answer(status, {}, b"")
                return
            far = HTTPConnection("127.0.0.1", line.server_port)
            far.request(self.command, self.path, body or None, dict(self.headers))
            answer = far.getresponse()
            content = line.spoil(answer.read()) if self.command == "GET" else answer.read()
            headers = {k: v for k, v in answer.getheaders() if k.lower() not in QUIET}
            length = answer.getheader("Content-Length") if self.command == "HEAD" else None
            far.close()
            self._answer(answer.status, headers, content, length)

        def _answer(
            self, status: int, headers: dict[str, str], content: bytes, length: str | None = None
        ) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", length or str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _hand_on  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        line.port = server.server_port
        yield line
    finally:
        server.shutdown()
        server.server_close()
