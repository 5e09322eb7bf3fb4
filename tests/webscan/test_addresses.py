"""One spelling for each page, and which pages belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.webscan.rules.addresses import (
    canonical,
    find_canonical,
    is_attachment,
    is_page,
    is_same_site,
    shape,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Ziyang.gov.cn:80/a#top", "http://www.ziyang.gov.cn/a"),
        ("https://x.cn", "https://x.cn/"),
        ("https://x.cn:443/", "https://x.cn/"),
        ("https://x.cn:8443/", "https://x.cn:8443/"),
        ("http://x.cn:443/", "http://x.cn:443/"),
        ("https://x.cn./a", "https://x.cn/a"),
        ("https://x.cn/a/../b/./c", "https://x.cn/b/c"),
        ("https://x.cn/a/b/..", "https://x.cn/a/"),
        ("https://x.cn/../../a/", "https://x.cn/a/"),
        ("https://x.cn/..", "https://x.cn/"),
        ("https://x.cn/?b=2&a=1", "https://x.cn/?a=1&b=2"),
        ("https://x.cn/?utm_source=a&spm=b&id=3", "https://x.cn/?id=3"),
        ("https://x.cn/a;jsessionid=AB12?id=1", "https://x.cn/a?id=1"),
        ("https://x.cn/中文?名=值", "https://x.cn/%E4%B8%AD%E6%96%87?%E5%90%8D=%E5%80%BC"),
        ("https://x.cn/?q=%C4%E3", "https://x.cn/?q=%C4%E3"),
        ("https://资阳.cn/", "https://xn--vo3ay9o.cn/"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
    ],
)
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    "url", ["javascript:void(0)", "mailto:a@b.cn", "http://x.cn:99999/", "//x.cn/", "", "http://"]
)
def test_what_is_no_page_has_no_spelling(url: str) -> None:
    assert find_canonical(url) is None


@given(st.text(max_size=60))
def test_no_path_whatever_breaks_the_spelling(path: str) -> None:
    once = find_canonical("http://x.cn/" + path)
    assert once is None or canonical(once) == once


def test_a_site_is_a_host_with_or_without_www() -> None:
    assert is_same_site("https://www.x.cn/a", "http://X.cn:80/b")
    assert not is_same_site("https://x.cn/", "https://x.cn.evil.com/")
    assert not is_same_site("https://a.x.cn/", "https://x.cn/")
    assert not is_same_site("http://x.cn:8080/", "http://x.cn:8081/")
    assert not is_same_site("data:text/html,", "data:text/html,")


def test_files_are_told_from_pages() -> None:
    assert is_attachment("https://x.cn/a/notice.PDF?x=1")
    assert is_attachment("https://x.cn/a.docx")
    assert not is_attachment("https://x.cn/a.jpg")
    assert not is_page("https://x.cn/a.jpg")
    assert is_page("https://x.cn/a.html")
    assert is_page("https://x.cn/a.b/")
    assert is_page("https://x.cn/list.jsp?id=1")


def test_pages_of_one_template_have_one_shape() -> None:
    one = shape("http://x.cn/art/2026/3/15/art_12_345.html")
    assert one == shape("http://x.cn/art/2025/11/2/art_9_1.html") == "/art/#/#/#/art_#_#.html"
    assert shape("http://x.cn/list?page=1&id=2") == shape("http://x.cn/list?id=7&page=9")
    assert shape("http://x.cn/list") != shape("http://x.cn/list?id=7")
