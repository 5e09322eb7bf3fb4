"""The content as HTML: the body for a page of the product, and a whole file for itself.

Every text goes through `escape`; the tree decides which elements there are.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

from markupsafe import Markup, escape

from .rules.content import (
    LANGUAGE,
    NO_DAY,
    Block,
    Content,
    Fields,
    Figure,
    Heading,
    Paragraph,
    SignatureBlock,
    Table,
    Title,
)

Source = Callable[[Figure], str]  # the address of a picture
STYLE = Path(__file__).parents[2] / "static" / "css" / "paper.css"
FILE = Markup(
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'\">\n"
    "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n"
    '<body>\n<main class="paper">\n{body}\n</main>\n</body>\n</html>\n'
)


def body(content: Content, source: Source, level: int = 1) -> Markup:
    """`level` of the paper's title among the headings around it."""
    return Markup("\n").join(_html(one, source, level) for one in content.blocks)


def paper_file(content: Content, pictures: Mapping[str, bytes]) -> bytes:
    """A page that needs nothing beside itself; `pictures` by their SHA-256."""

    def inside(figure: Figure) -> str:
        return f"data:image/jpeg;base64,{b64encode(pictures[figure.sha256]).decode()}"

    title = f"{content.title} - {content.number}".removesuffix(" - ")
    style = Markup(STYLE.read_text("utf-8"))  # noqa: S704 -- ours
    made = FILE.format(language=LANGUAGE, title=title, style=style, body=body(content, inside))
    return made.encode()


def _html(block: Block, source: Source, level: int) -> Markup:
    match block:
        case Fields():
            return _fields(block)
        case Table():
            return _table(block)
        case Figure():
            return _figure(block, source)
        case SignatureBlock(who, day):
            lines = _tag("p", who) + _tag("p", day or NO_DAY)
            return Markup('<div class="paper__signature">{}</div>').format(lines)
        case _:
            return _text(block, level)


def _text(block: Title | Heading | Paragraph, level: int) -> Markup:
    match block:
        case Title(text):
            return _tag(f"h{level}", text, "paper__title")
        case Heading(depth, text):
            return _tag(f"h{min(level + depth, 6)}", text, f"paper__head paper__head--{depth}")
        case Paragraph(text, flush):
            kind = "paper__flush" if flush else "paper__text"
            return Markup("").join(_tag("p", line, kind) for line in text.split("\n"))


def _tag(name: str, text: str, kind: str = "") -> Markup:
    attribute = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), attribute, text)  # noqa: S704 -- ours


def _cell(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _fields(block: Fields) -> Markup:
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(
            label, _cell(value) or _blank()
        )
        for label, value in block.rows
    )
    return Markup('<table class="paper__fields" aria-label="{}"><tbody>{}</tbody></table>').format(
        block.caption, rows
    )


def _blank() -> Markup:
    return Markup('<span class="paper__blank">（留空）</span>')


def _table(block: Table) -> Markup:
    total = sum(block.widths)
    columns = Markup("").join(
        Markup('<col class="paper__col-{}">').format(round(20 * one / total))
        for one in block.widths
    )
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in block.head)
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_cell(one) or _blank()) for one in row)
        )
        for row in block.rows
    )
    return Markup(
        '<div class="paper__space" role="region" aria-label="{0}" tabindex="0">'
        '<table class="paper__table"><caption>{0}</caption><colgroup>{1}</colgroup>'
        "<thead><tr>{2}</tr></thead>\n<tbody>{3}</tbody></table></div>"
    ).format(block.caption, columns, head, rows)


def _figure(block: Figure, source: Source) -> Markup:
    """No `figure` element: printed, it would be a figure without words around one with them."""
    return Markup(
        '<div class="paper__figure"><img src="{}" alt="{}" width="{}" height="{}"></div>'
        '<p class="paper__caption">{}</p>'
    ).format(source(block), block.alt, block.width, block.height, block.caption)
