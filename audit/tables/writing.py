"""Rows of text as files that a spreadsheet opens without running anything in them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

from .formulas import quoted

Cell = str | int | float | None
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark at the beginning, by which Excel and WPS know it; a text that would run
    is quoted with an apostrophe."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_quiet(name) for name in columns])
    for row in rows:
        writer.writerow([_quiet(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def xlsx_of(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with its header frozen and a filter; text is text, whatever it begins with."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "text_wrap": True})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, _fit(name), bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(last, column, _fit(cell))
                elif cell is not None:
                    sheet.write_number(last, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), max(len(columns) - 1, 0))
        sheet.set_column(0, max(len(columns) - 1, 0), 18)
    return file.getvalue()


def _quiet(cell: Cell) -> str:
    if isinstance(cell, str):
        return quoted(_fit(cell))
    return "" if cell is None else str(cell)


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)[:_LONGEST]
