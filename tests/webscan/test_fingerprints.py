"""A fault is known again on the next page and in the next scan."""

import pytest

from audit.webscan.rules.fingerprints import build_of, fingerprint

SAME = [
    ('<img src="/upload/2026/photo-12.jpg">', '<img src="/upload/2025/photo-7.jpg">'),
    ('<a class="more m-3" href="/art/1/12.html"></a>', '<a href="/art/9/4.html" class="m-8 more">'),
    ('<p id="item12" class="faint">一条</p>', '<p id="item99" class="faint">另一条新闻</p>'),
    ('<img src="/a/1f9c83ab77d2.png" alt>', '<img alt src="/a/99e0f1a2b3c4.png">'),
]  # fmt: skip
DIFFERENT = [
    ('<img src="/logo.png">', '<img src="/more.png">'),
    ('<input type="text" name="q">', '<input type="text" name="tel">'),
    ("<button></button>", "<a></a>"),
    ('<p class="faint">', '<p class="date">'),
    ('<div role="tab">', '<div role="option">'),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_numbers_order_and_text_do_not_count(one: str, other: str) -> None:
    assert fingerprint("r", one) == fingerprint("r", other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_a_template_fixes_counts(one: str, other: str) -> None:
    assert fingerprint("r", one) != fingerprint("r", other)


def test_another_rule_is_another_fault() -> None:
    assert fingerprint("image-alt", "<img>") != fingerprint("role-img-alt", "<img>")


@pytest.mark.parametrize(
    "snippet",
    ["", "text", "<", '<img src="', "<!-- x -->", '<a href="http://[bad">', "<p" + "x" * 600],
)  # fmt: skip
def test_any_snippet_has_a_fingerprint(snippet: str) -> None:
    assert len(fingerprint("r", snippet)) == 16


def test_a_tag_that_was_cut_short_keeps_what_is_left_of_it() -> None:
    assert build_of('<img class="big" src="/a.p').startswith("img class=big")
