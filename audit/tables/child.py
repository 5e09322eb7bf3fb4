"""The limited child that opens an XLSX file: `python -m audit.tables.child <columns> <rows>`.

The file comes on standard input; a JSON line per row goes out. It holds no key and no database,
and no more memory or time than allowed. Ends with an error when the file cannot be read.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time

from openpyxl import load_workbook

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 50


def main(columns: int, rows: int) -> None:
    for what, amount in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (amount, amount))
    book = load_workbook(io.BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=True)
    sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
    sheet.reset_dimensions()  # what the file says of its size is not to be believed
    found = sheet.iter_rows(max_col=columns, max_row=rows, values_only=True)
    for line, cells in enumerate(found, start=1):
        if any(cell is not None for cell in cells):
            sys.stdout.write(json.dumps([line, [_text(cell) for cell in cells]]) + "\n")


def _text(value: object) -> str:
    """As a person would type it: 3.0 is 3, a day is 2023-05-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
