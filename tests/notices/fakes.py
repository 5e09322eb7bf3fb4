"""A mail server and an HTTP server on the loopback that do as they are told."""

import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Post:
    """`refusals`: what is answered to the next recipients instead of 250."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        self._say("220 fake")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take()
            elif word == b"RCPT" and self.post.refusals:
                self._say(self.post.refusals.pop(0))
                continue
            elif word == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.post.mails.append(mail)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Post]:
    post = Post()
    talk = type("Talk", (_Talk,), {"post": post})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield post
        server.shutdown()
        thread.join()


@dataclass
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """`answers`: status, headers and body of the next ones; after them 200."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    def will_answer(self, *statuses: int, body: bytes = b"") -> None:
        self.answers += [(status, {}, body) for status in statuses]


class _Answering(BaseHTTPRequestHandler):
    site: Site

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = dict(self.headers.items())
        self.site.heard.append(Heard(self.command, self.path, sent, self.rfile.read(length)))
        status, headers, body = self.site.answers.pop(0) if self.site.answers else (200, {}, b"ok")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 -- named by the library

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def http_server() -> Iterator[Site]:
    site = Site()
    kind = type("Answering", (_Answering,), {"site": site})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def subjects(mails: Sequence[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]
