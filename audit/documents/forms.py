"""The typed texts of a paper, what narrows the list, and which findings were ticked."""

from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.core.clock import today
from audit.core.errors import NotFound
from audit.web.fields import one_line, paragraphs, plain_digits
from audit.web.filters import page_number

from .queries import DocumentFilter
from .rules.kinds import KINDS, Article, Blank, Kind, Sort, State


@dataclass
class Typed:
    """What was typed into a paper, and what to change, by the name of its control."""

    texts: dict[str, str] = field(default_factory=dict)
    article: Article = Article.NONE
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.problems else HTTPStatus.OK


def parse_texts(kind: Kind, sent: MultiDict[str, str]) -> Typed:
    typed = Typed()
    for blank in KINDS[kind].blanks:
        text = _fit(blank, sent.get(blank.name, ""))
        typed.texts[blank.name] = text
        problem = _problem(blank, text)
        if problem:
            typed.problems[blank.name] = problem
    if kind is Kind.ORDER:
        typed.article = _article(sent.get("article", ""))
        if typed.article is Article.NONE:
            typed.problems["article"] = _("请选依据哪一条。")
    return typed


def parse_kind(sent: MultiDict[str, str]) -> Kind | None:
    """None where none is chosen yet. Raises `NotFound` for one that does not exist."""
    try:
        return Kind(sent["kind"]) if sent.get("kind") else None
    except ValueError as error:
        raise NotFound from error


def parse_filter(args: MultiDict[str, str]) -> DocumentFilter:
    """`kind`, `state`, `district`, `page`. Raises `NotFound` for values that do not exist."""
    try:
        state = State(args["state"]) if args.get("state") else None
    except ValueError as error:
        raise NotFound from error
    return DocumentFilter(parse_kind(args), state, args.get("district", ""), page_number(args))


def _fit(blank: Blank, text: str) -> str:
    if blank.sort is Sort.LINES:
        return paragraphs(text)
    return plain_digits(text) if blank.sort is Sort.DAY else one_line(text)


def _problem(blank: Blank, text: str) -> str:
    if not text:
        return str(_("请填写这一栏。")) if blank.required else ""
    if len(text) > blank.longest:
        return str(_("太长了，最多 %(most)s 个字。", most=blank.longest))
    return _problem_of_day(text) if blank.sort is Sort.DAY else ""


def _problem_of_day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return str(_("请填一个日期，如 2027-02-08。"))
    return str(_("期限要在今天以后。")) if day <= today() else ""


def _article(text: str) -> Article:
    try:
        return Article(text)
    except ValueError:
        return Article.NONE
