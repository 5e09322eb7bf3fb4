"""A file of rows as text: a header and, under it, cells.

CSV may be UTF-8 or GB 18030 (what a Chinese spreadsheet program writes) and separated by comma,
semicolon or tab. XLSX is read in a limited child process, the first visible sheet alone, values
and not formulas.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .formulas import unquoted
from .problems import Fault, TableRefusedError
from .sheets import sheet_rows

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL = 5_000
LOOKED_AT, COMMON_SHARE = 50_000, 0.9
_SEPARATORS = ",;\t"
_ZIP = b"PK\x03\x04"
_BINARY = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts as a spreadsheet does: the header is 1. There are as many cells as columns;
    `overflows` when the file had more in this row."""

    line: int
    cells: tuple[str, ...]
    overflows: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(raw: bytes) -> Table:
    """Blank rows are left out and blanks around a cell cut off; the rest of the text is untrusted.

    Raises `TableRefusedError`.
    """
    if len(raw) > MAX_BYTES:
        raise TableRefusedError(Fault.TOO_BIG, MAX_BYTES // 1_000_000)
    if raw.startswith(_BINARY):
        raise TableRefusedError(Fault.UNKNOWN)
    return _table(sheet_rows(raw) if raw.startswith(_ZIP) else _csv_rows(_decoded(raw)))


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding != "gb18030" or _is_chinese(text)):
            return text
    raise TableRefusedError(Fault.ENCODING)


def _is_chinese(text: str) -> bool:
    """Almost any bytes can be read as GB 18030, but what comes of Big5 or of a damaged UTF-8 file
    are rare characters. In a text that was meant, nearly all are among the 6,763 of GB 2312."""
    wide = "".join(sign for sign in text[:LOOKED_AT] if not sign.isascii())
    common = wide.encode("gb2312", "ignore").decode("gb2312")
    return len(common) >= len(wide) * COMMON_SHARE


def _csv_rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableRefusedError(Fault.NOT_CSV, line) from error


def _table(rows: Iterable[tuple[int, Sequence[str]]]) -> Table:
    columns: tuple[str, ...] = ()
    kept: list[Row] = []
    for line, raw in rows:
        cells = [unquoted(cell.strip()[:MAX_CELL]) for cell in raw]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if not columns:
            columns = _header(cells)
        elif len(kept) == MAX_ROWS:
            raise TableRefusedError(Fault.TOO_LONG, MAX_ROWS)
        else:
            kept.append(_row(line, cells, len(columns)))
    if not kept:
        raise TableRefusedError(Fault.EMPTY)
    return Table(columns, tuple(kept))


def _header(cells: list[str]) -> tuple[str, ...]:
    if len(cells) > MAX_COLUMNS:
        raise TableRefusedError(Fault.TOO_WIDE, MAX_COLUMNS)
    for place, name in enumerate(cells, start=1):
        if not name:
            raise TableRefusedError(Fault.NO_HEADER, place)
    return tuple(cells)


def _row(line: int, cells: list[str], width: int) -> Row:
    filled = [*cells[:width], *[""] * (width - len(cells))]
    return Row(line, tuple(filled), len(cells) > width)
