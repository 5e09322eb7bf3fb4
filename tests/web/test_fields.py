"""Text as people paste it becomes text that can be kept, shown and printed."""

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.web.fields import one_line, paragraphs, plain_digits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  市民广场\t公共 厕所\n", "市民广场 公共 厕所"),
        ("a\x07b\x1bc\x7fd\x9be", "abcde"),
        ("a\x00b", "ab"),
        ("发票\u202egpj.exe", "发票gpj.exe"),
        ("admin\u200b", "admin"),
        ("\ufeff厕所", "厕所"),
        ("e\u0301", "é"),
        ("全角　空格", "全角 空格"),
        ("𠮷野家 🚻", "𠮷野家 🚻"),
        ("<b>'\"; {{7*7}}", "<b>'\"; {{7*7}}"),
    ],
)
def test_a_line_keeps_what_can_be_read(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs("一\r\n二  \r三\n\n四\x0b\n") == "一\n二\n三\n\n四"


@given(st.text(max_size=80))
def test_whatever_is_typed_fits_into_a_document(text: str) -> None:
    for kept in (one_line(text), paragraphs(text)):
        made = ElementTree.Element("t")
        made.text = kept
        assert (ElementTree.fromstring(ElementTree.tostring(made)).text or "") == kept
        assert kept == kept.strip() == unicodedata.normalize("NFC", kept)
        kept.encode("utf-8")
    assert "\n" not in one_line(text)
    assert one_line(one_line(text)) == one_line(text)
    assert paragraphs(paragraphs(text)) == paragraphs(text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("１４００", "1400"), ("　3．5 ", "3.5"), ("－５", "-5"), ("2023－05－01", "2023-05-01")],
)
def test_digits_of_an_input_method_are_digits(typed: str, plain: str) -> None:
    assert plain_digits(typed) == plain
