"""Which addresses a browser of ours may visit. Pure: nothing here asks the network."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

ORDINARY_PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 2000

# `ip_address(…).is_private` on Python 3.11 says nothing about several of these (100.64/10,
# multicast, 6to4), so the whole IANA special-purpose registry for IPv4 stands here.
_CLOSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# For IPv6 the other way round: global unicast only, less the parts of it that lead elsewhere.
# What lies outside (::1, ::ffff:0:0/96, 64:ff9b::/96, fc00::/7, fe80::/10, ff00::/8 …) is closed.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


class AddressRefused(Exception):
    """This address may not be visited. `reason` is one of the constants below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


NOT_AN_ADDRESS = "not_an_address"
NOT_HTTP = "not_http"
WITH_PASSWORD = "with_password"  # noqa: S105 - the name of a reason
PRIVATE = "private_address"
PORT = "port_not_allowed"
BROWSERS_OWN = "browsers_own_errand"

# Where Chromium goes for itself (updates, time, sign-in, start page). Its flags stop most of it,
# never all of it; a government network must see none of it.
BROWSERS_OWN_HOSTS = frozenset(
    {
        "accounts.google.com", "clients1.google.com", "clients2.google.com",
        "clients3.google.com", "clients4.google.com", "clients2.googleusercontent.com",
        "content-autofill.googleapis.com", "edgedl.me.gvt1.com", "mtalk.google.com",
        "optimizationguide-pa.googleapis.com", "redirector.gvt1.com", "safebrowsing.googleapis.com",
        "safebrowsingohttpgateway.googleapis.com", "start.duckduckgo.com", "update.googleapis.com",
        "android.clients.google.com", "www.googleapis.com", "dl.google.com", "www.debian.org",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Allowance:
    """One private host (or public host on an unusual port) that an administrator opened.

    Without a port the ordinary ports 80 and 443 are meant.
    """

    host: str
    port: int | None = None

    def admits(self, host: str, port: int) -> bool:
        ports = ORDINARY_PORTS.values() if self.port is None else (self.port,)
        return host == self.host and port in ports


def parse_allowance(text: str) -> Allowance:
    """Read `host`, `host:port` or `[v6]:port`; AddressRefused when it is none of these."""
    try:
        parts = urlsplit(f"//{text.strip()}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused(NOT_AN_ADDRESS) from None
    if not host or parts.path or parts.query or parts.fragment or parts.username is not None:
        raise AddressRefused(NOT_AN_ADDRESS)
    return Allowance(plain_host(host), port)


def parse_allowances(text: str) -> tuple[Allowance, ...]:
    """Read a comma-separated list; empty parts are skipped."""
    return tuple(parse_allowance(part) for part in text.split(",") if part.strip())


def plain_host(host: str) -> str:
    """Lower case, without brackets and without the dot of a fully qualified name."""
    return host.strip("[]").rstrip(".").lower()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address belongs to the open internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address.scope_id is not None or address not in _OPEN_V6:
        return False
    return not any(address in network for network in _CLOSED_V6)


def is_public_text(address: str) -> bool:
    """As `is_public`, for an address in text; False for what is no address."""
    try:
        return is_public(ip_address(address))
    except ValueError:
        return False


def check_target(
    host: str, port: int, answers: list[str], allowed: tuple[Allowance, ...] = ()
) -> None:
    """Raise AddressRefused unless every address that `host` resolved to may be dialled.

    One private address among the answers refuses the host: which one is dialled is chance.
    """
    if any(entry.admits(plain_host(host), port) for entry in allowed):
        return
    check_errand(host)
    if not answers or not all(is_public_text(answer) for answer in answers):
        raise AddressRefused(PRIVATE)
    if port not in ORDINARY_PORTS.values():
        raise AddressRefused(PORT)


def check_errand(host: str) -> None:
    """Raise AddressRefused for a host that only the browser itself has business with."""
    if plain_host(host) in BROWSERS_OWN_HOSTS:
        raise AddressRefused(BROWSERS_OWN)


def check_url(url: str) -> str:
    """Return an address that was typed, trimmed; AddressRefused unless it is plain http(s).

    Only the form is judged; where the host leads is the guard's business.
    """
    url = url.strip()
    if len(url) > MAX_URL_LENGTH or any(ch.isspace() or ord(ch) < 32 or ch == "\\" for ch in url):
        raise AddressRefused(NOT_AN_ADDRESS)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused(NOT_AN_ADDRESS) from None
    if parts.scheme not in ORDINARY_PORTS:
        raise AddressRefused(NOT_HTTP)
    if not host:
        raise AddressRefused(NOT_AN_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(WITH_PASSWORD)
    return url


def host_and_port(url: str) -> tuple[str, int]:
    """The host (plain) and port that an http(s) address leads to."""
    parts = urlsplit(url)
    return plain_host(parts.hostname or ""), parts.port or ORDINARY_PORTS.get(parts.scheme, 0)
