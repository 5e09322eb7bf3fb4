"""What narrows a list, each with the address of the list without it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

Query = list[tuple[str, str]]


@dataclass(frozen=True)
class Applied:
    """One condition in force, in words; `remove_url` is the list without it."""

    label: str
    remove_url: str


def applied(endpoint: str, query: Query, say: Callable[[str, str], str]) -> list[Applied]:
    """`query`: names and values of the address. `say` words one; "" leaves it out."""
    chips = []
    for pair in dict.fromkeys(query):
        label = say(*pair)
        if label:
            rest = [other for other in query if other != pair]
            chips.append(Applied(label, list_url(endpoint, rest)))
    return chips


def list_url(endpoint: str, query: Iterable[tuple[str, str]]) -> str:
    asked = urlencode(list(query))
    return f"{url_for(endpoint)}?{asked}" if asked else url_for(endpoint)


def narrowing(args: MultiDict[str, str]) -> Query:
    """What an address asks for beside its page: names and values, as often as they stand there."""
    return [pair for pair in args.items(multi=True) if pair[0] != "page" and pair[1]]


def page_number(args: Mapping[str, str]) -> int:
    """`page` of the address, from 1. Nonsense means the first page, not an error."""
    text = args.get("page", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return max(asked, 1)
