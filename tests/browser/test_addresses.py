"""Which addresses may be visited."""

import socket

import pytest

from audit.browser.addresses import (
    NOT_AN_ADDRESS,
    NOT_HTTP,
    PORT,
    PRIVATE,
    WITH_PASSWORD,
    AddressRefused,
    check_target,
    check_url,
    host_and_port,
    is_public_text,
    parse_allowance,
    parse_allowances,
)

OPEN = ["8.8.8.8", "114.114.114.114", "1.0.0.1", "223.255.255.254", "2400:3200::1", "2a00::1"]
CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1",
    "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_open_internet_may_be_dialled(address: str) -> None:
    assert is_public_text(address)


@pytest.mark.parametrize("address", CLOSED)
def test_a_special_purpose_address_may_not_be_dialled(address: str) -> None:
    assert not is_public_text(address)


@pytest.mark.parametrize(
    "answers", [[], ["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1", "2400:3200::1"]]
)
def test_one_private_answer_refuses_the_host(answers: list[str]) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_target("site.example", 443, answers)
    assert refused.value.reason == PRIVATE


def test_only_the_ordinary_ports_are_open() -> None:
    check_target("site.example", 80, ["8.8.8.8"])
    check_target("site.example", 443, ["8.8.8.8"])
    with pytest.raises(AddressRefused) as refused:
        check_target("site.example", 22, ["8.8.8.8"])
    assert refused.value.reason == PORT


def test_an_allowance_opens_one_host_on_its_ports_and_nothing_else() -> None:
    allowed = parse_allowances("intranet.gov.cn, 10.1.2.3:8080,")
    check_target("INTRANET.gov.cn.", 443, ["10.9.9.9"], allowed)
    check_target("10.1.2.3", 8080, ["10.1.2.3"], allowed)
    for host, port in [
        ("intranet.gov.cn", 8080), ("10.1.2.3", 80), ("evil.intranet.gov.cn", 443),
        ("10.1.2.4", 8080),
    ]:  # fmt: skip
        with pytest.raises(AddressRefused):
            check_target(host, port, ["10.9.9.9"], allowed)


@pytest.mark.parametrize("text", ["", "a/b", "user@host", "host:port", "host?q", ":80"])
def test_a_malformed_allowance_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        parse_allowance(text)


def test_an_allowance_may_name_an_ipv6_address() -> None:
    allowance = parse_allowance("[FD00::1]:8080")
    assert allowance.admits("fd00::1", 8080)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", NOT_HTTP), ("FILE:///etc/passwd", NOT_HTTP),
        ("view-source:http://a.cn/", NOT_HTTP), ("chrome://version", NOT_HTTP),
        ("ftp://a.cn/", NOT_HTTP), ("javascript:alert(1)", NOT_HTTP),
        ("data:text/html,x", NOT_HTTP), ("blob:http://a.cn/1", NOT_HTTP),
        ("//a.cn/", NOT_HTTP), ("a.cn", NOT_HTTP), ("", NOT_HTTP),
        ("http://", NOT_AN_ADDRESS), ("http:///path", NOT_AN_ADDRESS),
        ("http://a.cn:99999/", NOT_AN_ADDRESS), ("http://[::1/", NOT_AN_ADDRESS),
        ("http://a.cn\\@b.cn/", NOT_AN_ADDRESS), ("http://a.cn/\x00", NOT_AN_ADDRESS),
        ("java\nscript:alert(1)", NOT_AN_ADDRESS), ("http://a.cn/" + "x" * 2000, NOT_AN_ADDRESS),
        ("http://user@a.cn/", WITH_PASSWORD), ("http://user:word@a.cn/", WITH_PASSWORD),
    ],
)  # fmt: skip
def test_only_plain_http_addresses_are_taken(url: str, reason: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_url(url)
    assert refused.value.reason == reason


def test_a_typed_address_is_trimmed_and_kept() -> None:
    assert check_url(" https://www.ziyang.gov.cn/首页 ") == "https://www.ziyang.gov.cn/首页"
    assert host_and_port("https://WWW.Ziyang.gov.cn./a") == ("www.ziyang.gov.cn", 443)
    assert host_and_port("http://[::1]:81/") == ("::1", 81)


SPELLINGS = [
    "127.0.0.1", "2130706433", "017700000001", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "127.1",
    "127.0.1", "0", "0.0.0.0", "::1", "::ffff:127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_this_machine_passes(spelling: str) -> None:
    answers = [str(row[4][0]) for row in socket.getaddrinfo(spelling, 80)]
    assert answers
    with pytest.raises(AddressRefused) as refused:
        check_target(spelling, 80, answers)
    assert refused.value.reason == PRIVATE
