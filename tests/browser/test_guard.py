"""The egress guard, asked directly, without a browser."""

import socket
from collections.abc import Iterator

import pytest

from audit.browser.addresses import PORT, PRIVATE, Allowance
from audit.browser.guard import EgressGuard, GuardSettings, Verdict

from .sites import Answer, Site, served
from .test_addresses import SPELLINGS


@pytest.fixture
def inside() -> Iterator[Site]:
    """A private server that nobody may reach."""
    with served({"/": "secret"}) as site:
        yield site


def ask(guard: EgressGuard, text: str, more: bytes = b"") -> bytes:
    """Send one request to the guard and read all that comes back."""
    with socket.create_connection(("127.0.0.1", guard.port), timeout=20) as line:
        line.sendall(text.encode() + b"\r\n" + more)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
        return answer


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_the_loopback_reaches_a_private_server(inside: Site, spelling: str) -> None:
    place = f"{bracketed(spelling)}:{inside.port}"
    with EgressGuard() as guard:
        plain = ask(guard, f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\n")
        tunnel = ask(guard, f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n")
        assert {one.reason for one in guard.passages} == {PRIVATE}
    assert plain.startswith(b"HTTP/1.1 403")
    assert tunnel.startswith(b"HTTP/1.1 403")
    assert inside.connections == 0


def resolver(*answers: list[str]):  # type: ignore[no-untyped-def]
    """A name server that gives the next list of addresses each time it is asked."""
    queue = list(answers)
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return resolve, asked


def test_an_allowance_lets_a_private_site_be_read(inside: Site) -> None:
    with EgressGuard(GuardSettings((Allowance("127.0.0.1", inside.port),))) as guard:
        answer = ask(guard, f"GET {inside.url('/')} HTTP/1.1\r\nHost: x\r\n")
        assert guard.failure("127.0.0.1", inside.port, 0) is None
    assert answer.endswith(b"secret")
    assert inside.hits == ["/"]


def test_a_name_that_changes_its_address_is_dialled_where_it_was_checked(inside: Site) -> None:
    resolve, asked = resolver(["192.0.2.1"], ["127.0.0.1"])
    with EgressGuard(resolver=resolve) as guard:
        answer = ask(guard, "GET http://rebind.example/ HTTP/1.1\r\nHost: rebind.example\r\n")
        assert answer.startswith(b"HTTP/1.1 403")
        assert asked == ["rebind.example"]
    assert inside.connections == 0


def test_the_checked_address_is_the_dialled_one(inside: Site) -> None:
    resolve, asked = resolver(["127.0.0.1"], ["192.0.2.1"])
    allowed = (Allowance("intranet.example", inside.port),)
    with EgressGuard(GuardSettings(allowed), resolver=resolve) as guard:
        place = f"intranet.example:{inside.port}"
        answer = ask(guard, f"GET http://{place}/ HTTP/1.1\r\nHost: {place}\r\n")
    assert answer.endswith(b"secret")
    assert asked == ["intranet.example"]


def test_any_private_address_among_the_answers_refuses() -> None:
    resolve, _ = resolver(["8.8.8.8", "10.0.0.1"])
    with EgressGuard(resolver=resolve) as guard:
        answer = ask(guard, "CONNECT mixed.example:443 HTTP/1.1\r\n")
        assert answer.startswith(b"HTTP/1.1 403")
        failure = guard.failure("mixed.example", 443, 0)
        assert failure is not None
        assert (failure.verdict, failure.reason) == (Verdict.REFUSED, PRIVATE)
        assert [(one.host, one.port) for one in guard.refusals(0)] == [("mixed.example", 443)]


def test_another_port_of_a_public_host_is_refused() -> None:
    resolve, _ = resolver(["8.8.8.8"])
    with EgressGuard(resolver=resolve) as guard:
        assert ask(guard, "CONNECT site.example:22 HTTP/1.1\r\n").startswith(b"HTTP/1.1 403")
        assert guard.refusals(0)[0].reason == PORT


def test_a_name_without_an_address_is_told_apart_from_a_refusal() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with EgressGuard(resolver=nowhere) as guard:
        assert ask(guard, "CONNECT nowhere.example:443 HTTP/1.1\r\n").startswith(b"HTTP/1.1 502")
        failure = guard.failure("nowhere.example", 443, 0)
        assert failure is not None
        assert failure.verdict is Verdict.UNRESOLVED
        assert guard.refusals(0) == ()


def test_a_closed_port_is_told_apart_from_a_refusal() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with EgressGuard(GuardSettings((Allowance("127.0.0.1", port),))) as guard:
            answer = ask(guard, f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\n")
            failure = guard.failure("127.0.0.1", port, 0)
    assert answer.startswith(b"HTTP/1.1 502")
    assert failure is not None
    assert failure.verdict is Verdict.UNREACHABLE


def test_a_site_that_says_nothing_is_let_go() -> None:
    with served({"/": Answer(mute=True)}) as site:
        settings = GuardSettings((Allowance("127.0.0.1", site.port),), patience_s=0.3)
        with EgressGuard(settings) as guard:
            answer = ask(guard, f"GET {site.url('/')} HTTP/1.1\r\nHost: x\r\n")
            tunnel = ask(guard, f"CONNECT {site.host} HTTP/1.1\r\n")
            failure = guard.failure("127.0.0.1", site.port, 0)
    assert answer.startswith(b"HTTP/1.1 504")
    assert tunnel == b"HTTP/1.1 200 Connection established\r\n\r\n"
    assert failure is not None
    assert failure.verdict is Verdict.SILENT


def test_one_connection_carries_one_exchange(inside: Site) -> None:
    """A second request, to another host, must not follow the first down the same line."""
    with EgressGuard(GuardSettings((Allowance("127.0.0.1", inside.port),))) as guard:
        head = "Host: x\r\nConnection: keep-alive\r\nProxy-Connection: keep-alive\r\n"
        answer = ask(guard, f"GET {inside.url('/')} HTTP/1.1\r\n{head}")
    assert b"Connection: close" in answer
    assert inside.headers_seen[0]["Connection"] == "close"
    assert "Proxy-Connection" not in inside.headers_seen[0]


def test_a_flood_of_bytes_is_cut_off() -> None:
    with served({"/": Answer(b"x" * 500_000)}) as site:
        settings = GuardSettings((Allowance("127.0.0.1", site.port),), max_answer_bytes=100_000)
        with EgressGuard(settings) as guard:
            answer = ask(guard, f"GET {site.url('/')} HTTP/1.1\r\nHost: x\r\n")
    assert 100_000 <= len(answer) < 300_000


@pytest.mark.parametrize(
    "line",
    [
        "GET / HTTP/1.1", "GET file:///etc/passwd HTTP/1.1", "GET https://a.cn/ HTTP/1.1",
        "CONNECT a.cn HTTP/1.1", "CONNECT :443 HTTP/1.1", "GET http://a.cn:x/ HTTP/1.1", "GET",
        "GET http:///x HTTP/1.1", "\x01\x02", "GET http://资阳/ HTTP/1.1",
    ],
)  # fmt: skip
def test_what_is_no_proxy_request_is_answered_400(line: str) -> None:
    with EgressGuard() as guard:
        assert ask(guard, line + "\r\n").startswith(b"HTTP/1.1 400")
        assert not guard.passages


def test_an_endless_head_is_refused() -> None:
    with EgressGuard() as guard:
        answer = ask(guard, "GET http://a.cn/ HTTP/1.1\r\nX: " + "y" * 70_000 + "\r\n")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
