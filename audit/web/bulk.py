"""One act for many rows of a list: which rows were ticked, and which were shown in the preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.errors import NotFound

from .filters import Query, list_url

MOST = 500  # rows at once
LONGEST_QUERY = 2000


@dataclass(frozen=True)
class Ticked:
    """`keys`: the rows ticked, in their order; `whole`: everything that `query` finds instead."""

    act: str
    keys: tuple[str, ...] = ()
    whole: bool = False
    query: Query = field(default_factory=list)

    @property
    def back(self) -> str:
        """The query once more, as the text of a hidden control."""
        return urlencode(self.query)


def parse_ticked(sent: MultiDict[str, str]) -> Ticked:
    """`act`, `pick` (several), `whole`, `query`."""
    keys = tuple(dict.fromkeys(key.strip()[:40] for key in sent.getlist("pick") if key.strip()))
    return Ticked(sent.get("act", ""), keys, sent.get("whole") == "1", parse_query(sent))


def parse_query(sent: MultiDict[str, str]) -> Query:
    """What narrowed the list from which somebody came."""
    return parse_qsl(sent.get("query", "")[:LONGEST_QUERY])


def parse_shown(sent: MultiDict[str, str]) -> Mapping[str, str]:
    """`row` (several): what is done to whom, and what that was when it was shown: `key:mark`.
    Raises `NotFound` where there are more than a preview ever shows."""
    pairs = [text.partition(":") for text in sent.getlist("row")]
    if len(pairs) > MOST:
        raise NotFound
    return {key: mark for key, _colon, mark in pairs if key and mark}


def parse_id(sent: MultiDict[str, str]) -> UUID:
    """Of this one act, so that sent twice it is done once."""
    try:
        return UUID(sent.get("bulk", ""))
    except ValueError as error:
        raise NotFound from error


class Outlook(Protocol):
    """What the act would do to one row; `why_not`: a sentence where it would not happen."""

    @property
    def why_not(self) -> object: ...


@dataclass(frozen=True)
class Preview:
    """The page that shows what an act would do before it is done. `template` extends
    `web/bulk.html`; `listed` is the endpoint of the list from which the rows come."""

    template: str
    listed: str
    ticked: Ticked
    bulk_id: UUID
    outlooks: Sequence[Outlook]

    def page(
        self,
        problems: Mapping[str, object] | None = None,
        *,
        moved: bool = False,
        **more: object,
    ) -> ResponseReturnValue:
        """`problems`: what to change, by control; `moved`: something has changed since it was
        shown, so nothing was done."""
        page = render_template(
            self.template,
            will=[one for one in self.outlooks if not one.why_not],
            will_not=[one for one in self.outlooks if one.why_not],
            moved=moved,
            bulk_id=self.bulk_id,
            query=self.ticked.back,
            back=list_url(self.listed, self.ticked.query),
            problems={name: str(text) for name, text in (problems or {}).items()},
            **more,
        )
        if moved:
            return page, HTTPStatus.CONFLICT
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def why_no_preview(act: object, keys: Sequence[str], nothing: str) -> str:
    """What is missing before an act can be shown; `nothing` says that no row is ticked."""
    if act is None:
        return str(_("请先选要办的一步，再预览。"))
    if not keys:
        return nothing
    if len(keys) > MOST:
        return str(_("一次最多办 %(most)s 个。请缩小筛选范围，分几次办。", most=MOST))
    return ""
