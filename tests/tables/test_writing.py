"""What we write holds nothing that runs, and reads back as it was."""

import csv
import io
import zipfile

import pytest

from audit.tables.reading import read_table
from audit.tables.writing import csv_of, xlsx_of

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "=HYPERLINK(\"http://x\")", "{=1}",
           "http://example.com", "' plain", "公厕\x07", "'=1"]  # fmt: skip


def test_a_csv_runs_nothing() -> None:
    raw = csv_of(["名称"], [[text] for text in HOSTILE])
    cells = [row[0] for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))][1:]
    assert [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))] == []


def test_a_sheet_runs_nothing() -> None:
    raw = xlsx_of("设施", ["名称"], [[text] for text in HOSTILE])
    sheet = zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet
    assert "hyperlink" not in sheet


@pytest.mark.parametrize("write", [csv_of, lambda columns, rows: xlsx_of("表", columns, rows)])
def test_rows_come_back_as_they_were(write: object) -> None:
    texts = ["=1+1", "-1", '南门,"公厕"', "a\nb", "'x"]
    raw = write(["名称", "数"], [[text, 1.5] for text in texts])  # type: ignore[operator]
    assert [row.cells for row in read_table(raw).rows] == [(text, "1.5") for text in texts]


def test_a_number_stays_a_number() -> None:
    raw = xlsx_of("表", ["经度"], [[104.5], [None]])
    assert (
        "<v>104.5</v>" in zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml").decode()
    )
