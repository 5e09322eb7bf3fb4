"""How often somebody may try to sign in, and how long they wait after that.

Each try is counted under several keys at once. A browser in which this person has signed in before
has a budget of its own, so whoever guesses at the person's password from elsewhere never shuts them
out; everybody else shares what their network and the login have left. What a person mistyped is
forgiven to their network when they get in.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

FORGET = timedelta(hours=1)  # without a failure; longer than any wait
FIRST_WAIT = timedelta(seconds=30)
DOUBLINGS = 12  # more would be longer than any wait


class Scope(StrEnum):
    DEVICE = "device"  # a browser that knows this login
    PAIR = "pair"  # a login from one network
    NETWORK = "network"  # any login from one network: one password tried on many people
    LOGIN = "login"  # one login from everywhere: many machines that work together
    LINK = "link"  # addresses that open a notice, from one network
    CHANGE = "change"  # the present password, asked again before a change


@dataclass(frozen=True)
class Pace:
    """`free` failures cost nothing; each further one doubles the wait, up to `longest`."""

    free: int
    longest: timedelta


def paces(tries: int) -> Mapping[Scope, Pace]:
    """With 5 tries a person's password is guessed at 8 times in the first five minutes and at
    most 4 times an hour later on; a network gets 10, then one in five minutes."""
    own = Pace(tries, timedelta(minutes=15))
    return {
        Scope.DEVICE: own,
        Scope.PAIR: own,
        Scope.CHANGE: own,
        Scope.NETWORK: Pace(tries + 2, timedelta(minutes=5)),
        Scope.LINK: Pace(tries + 2, timedelta(minutes=5)),
        Scope.LOGIN: Pace(tries * 10, timedelta(minutes=1)),
    }


def wait_after(failures: int, pace: Pace) -> timedelta:
    if failures < pace.free:
        return timedelta(0)
    doubled: int = 2 ** min(failures - pace.free, DOUBLINGS)
    return min(FIRST_WAIT * doubled, pace.longest)


def network_of(address: str | None) -> str:
    """Who shares a budget: one IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
