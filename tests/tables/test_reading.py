"""Files of rows as people have them, and as attackers make them."""

import io
import zipfile

import pytest
import xlsxwriter

from audit.tables.problems import Fault, TableRefusedError
from audit.tables.reading import MAX_ROWS, Row, read_table

PLAIN = "名称,经度\n南门公厕,104.65\n北门公厕,104.66\n"
SAME = (Row(2, ("南门公厕", "104.65")), Row(3, ("北门公厕", "104.66")))


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("gb18030"),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
    ],
)
def test_a_csv_is_read_however_it_was_saved(raw: bytes) -> None:
    table = read_table(raw)
    assert table.columns == ("名称", "经度")
    assert table.rows == SAME


def test_lines_are_counted_as_a_spreadsheet_counts_them() -> None:
    table = read_table('名称\n\n"南门\n公厕"\n北门公厕\n'.encode())
    assert [(row.line, row.cells) for row in table.rows] == [
        (3, ("南门\n公厕",)),
        (5, ("北门公厕",)),
    ]


def test_a_row_is_filled_up_or_marked_as_too_long() -> None:
    rows = read_table(b"a,b\n1\n1,2,3\n").rows
    assert rows == (Row(2, ("1", "")), Row(3, ("1", "2"), overflows=True))


def book(*rows: list[object], hidden_first: bool = False) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        if hidden_first:
            made.add_worksheet("草稿").hide()
        sheet = made.add_worksheet("设施")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell, day if hasattr(cell, "year") else None)
        if hidden_first:
            sheet.activate()
    return file.getvalue()


def test_a_spreadsheet_gives_the_text_that_a_person_would_type() -> None:
    from datetime import date

    raw = book(["名称", "层数", "经度", "建成"], ["南门公厕", 2, 104.654321, date(2023, 5, 1)])
    assert read_table(raw).rows == (Row(2, ("南门公厕", "2", "104.654321", "2023-05-01")),)


def test_the_first_sheet_that_can_be_seen_is_read() -> None:
    assert read_table(book(["名称"], ["南门公厕"], hidden_first=True)).columns == ("名称",)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"a,b\n", Fault.EMPTY),
        (b"a,,c\n1,2,3\n", Fault.NO_HEADER),
        (b'a,b\n"1,2\n', Fault.NOT_CSV),
        (b"a\n\xff\xfe\x00", Fault.ENCODING),
        (b"%PDF-1.7", Fault.UNKNOWN),
        (b"\xd0\xcf\x11\xe0 old", Fault.UNKNOWN),
        (b"PK\x03\x04 not an archive", Fault.NOT_XLSX),
        (",".join(["a"] * 101).encode() + b"\n1\n", Fault.TOO_WIDE),
        (b"a\n" + b"1\n" * (MAX_ROWS + 1), Fault.TOO_LONG),
        (b"a" * 20_000_001, Fault.TOO_BIG),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(raw: bytes, fault: Fault) -> None:
    with pytest.raises(TableRefusedError) as refused:
        read_table(raw)
    assert refused.value.fault is fault
    assert all("{" not in refused.value.in_(language) for language in ("zh", "en"))


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(**{"xl/worksheets/sheet1.xml": b"0" * 60_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(TableRefusedError) as refused:
        read_table(bomb)
    assert refused.value.fault is Fault.SWELLS


def test_entities_that_multiply_or_reach_out_are_not_expanded() -> None:
    good = zipfile.ZipFile(io.BytesIO(book(["名称"], ["南门公厕"])))
    parts = {name: good.read(name) for name in good.namelist()}
    doctype = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    strings = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
    parts["xl/sharedStrings.xml"] = (
        doctype + strings + b"<si><t>&e;</t></si><si><t>&e;</t></si></sst>"
    )
    with pytest.raises(TableRefusedError) as refused:
        read_table(archive(**parts))
    assert refused.value.fault is Fault.NOT_XLSX


@pytest.mark.parametrize(
    "raw",
    [
        "登錄名,姓名,區縣\nliming,李國華,雁江區\n".encode("big5"),
        "ログイン,名前,役割\n田中,さん,テスト\n".encode("shift_jis"),
        PLAIN.encode()[:-9] + b"\xe7" + PLAIN.encode()[-9:],
    ],
    ids=["big5", "shift_jis", "damaged utf-8"],
)
def test_another_encoding_is_refused_rather_than_read_as_rare_characters(raw: bytes) -> None:
    with pytest.raises(TableRefusedError) as refused:
        read_table(raw)
    assert refused.value.fault is Fault.ENCODING


def test_rare_characters_in_a_name_are_read_all_the_same() -> None:
    text = "登录名,姓名,角色,区县\nwang,王喆,监督员,雁江区\nli,李垚,监督员,安岳县\n"
    assert read_table(text.encode("gb18030")).rows[0].cells[1] == "王喆"
