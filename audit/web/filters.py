"""What narrows a list, each with the address of the list without it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.errors import NotFound

Query = list[tuple[str, str]]
View = Callable[[], ResponseReturnValue]
ASIDE = ("page", "tick")  # what an address says beside what it asks for


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
    return [pair for pair in args.items(multi=True) if pair[0] not in ASIDE and pair[1]]


def page_number(args: Mapping[str, str]) -> int:
    """`page` of the address, from 1. Nonsense means the first page, not an error."""
    text = args.get("page", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return max(asked, 1)


def forgiving(parse: Callable[[MultiDict[str, str]], object]) -> Callable[[View], View]:
    """For the page of a list: conditions that do not exist are named and left out, and the rest is
    shown. Data and files, which nobody would see to be wider than asked for, refuse them."""

    def mark(view: View) -> View:
        @wraps(view)
        def show() -> ResponseReturnValue:
            known, wrong = _told_apart(request.args, parse)
            if not wrong:
                return view()
            told = "、".join(f"{name}={value[:40]}" for name, value in wrong)
            flash(_("地址里有不认识的条件，没有采用：%(told)s", told=told), "warning")
            return redirect(list_url(request.endpoint or "", known))

        return show

    return mark


def _told_apart(
    args: MultiDict[str, str], parse: Callable[[MultiDict[str, str]], object]
) -> tuple[Query, Query]:
    known: Query = []
    wrong: Query = []
    for pair in args.items(multi=True):
        try:
            parse(MultiDict([*known, pair]))
        except NotFound:
            wrong.append(pair)
        else:
            known.append(pair)
    return known, wrong
