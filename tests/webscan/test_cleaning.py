"""A page's own text is made fit to be stored and shown."""

from hypothesis import given
from hypothesis import strategies as st

from audit.webscan.rules.cleaning import cleaned

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


def test_what_no_database_or_terminal_takes_is_replaced() -> None:
    assert cleaned("a\x00b\ud800c\x1b[31m\u202ed") == "a\ufffdb\ufffdc\ufffd[31m\ufffdd"
    assert cleaned("一行\n二行\t中文 😀") == "一行\n二行\t中文 😀"


def test_every_text_inside_a_value_is_reached() -> None:
    assert cleaned({"k\x00": ["\x00", {"a": "\x00"}, 1, None, True]}) == {
        "k\ufffd": ["\ufffd", {"a": "\ufffd"}, 1, None, True]
    }


@given(ANY_TEXT)
def test_any_text_can_be_encoded_afterwards_and_stays_so(text: str) -> None:
    once = cleaned(text)
    assert once.encode("utf-8") is not None
    assert cleaned(once) == once
    assert len(once) == len(text)
