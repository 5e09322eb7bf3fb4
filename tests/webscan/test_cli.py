"""`run.py scan` works by itself, without a database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.demo.site import PAGES as DEMO_PAGES
from audit.demo.site import serve_site
from audit.webscan.cli import scan

from .conftest import Sites

pytestmark = pytest.mark.browser


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(scan, [*arguments, "--delay", "0"], catch_exceptions=False)
    return result.exit_code, result.output


def test_a_scan_prints_rules_in_chinese_and_writes_everything_to_a_file(
    sites: Sites, tmp_path: Path
) -> None:
    file = tmp_path / "scan.json"
    allow = ("--allow", sites.main.host, "--allow", f"localhost:{sites.other.port}")
    code, output = run(sites.url("/"), "--pages", "3", "--json", str(file), *allow)
    assert code == 0
    assert "[S2 无法使用] 图片没有替代文本" in output
    assert "WCAG 1.1.1 非文本内容" in output
    assert "怎么改：给每个 <img> 写 alt" in output
    assert "要由人判断的地方" in output
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["format"] == 2
    assert len([page for page in found["pages"] if page["outcome"] == "scanned"]) == 3
    start = found["pages"][0]
    image = next(one for one in start["results"] if one["rule"] == "image-alt")
    assert image["criteria"] == ["1.1.1"]
    assert (image["severity"], image["title"]["en"]) == ("S2", "Images have no text alternative")
    assert set(image["elements"][0]["message"]) == {"zh", "en"}
    assert image["elements"][0]["screenshot_png_base64"].startswith("iVBOR")
    assert image["elements"][0]["snippet"].startswith("<img")
    assert len(image["elements"][0]["fingerprint"]) == 16
    assert start["engine"]["version"] == "4.14.1"
    totals = {(one["kind"], one["rule"]): one["elements"] for one in found["rules"]}
    for (kind, rule), elements in totals.items():
        of_pages = [
            len(one["elements"])
            for page in found["pages"]
            for one in page["results"]
            if (one["kind"], one["rule"]) == (kind, rule)
        ]
        assert sum(of_pages) == elements


def test_english_is_spoken_when_asked(sites: Sites) -> None:
    code, output = run(sites.url("/"), "--pages", "1", "--lang", "en", "--allow", sites.main.host)
    assert code == 0
    assert "[S2 Stops someone using it] Images have no text alternative" in output
    assert "How to fix: Give every <img> an alt" in output


def test_a_private_site_needs_an_allowance_and_says_so(sites: Sites) -> None:
    code, output = run(sites.url("/"))
    assert code == 1
    assert "已被拦截" in output
    assert "自动检查没有发现问题" not in output


def test_faults_of_a_clean_page_are_none_and_that_is_not_called_conformance(sites: Sites) -> None:
    code, output = run(sites.url("/good.html"), "--pages", "1", "--allow", sites.main.host)
    assert code == 0
    assert "自动检查没有发现问题。这不等于达标" in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("file:///etc/passwd",), ("ziyang.gov.cn",), ("http://a.cn", "--allow", "a b/c"),
        ("http://a.cn", "--pages", "0"), ("javascript:alert(1)",),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_refused_before_anything_starts(arguments: tuple[str, ...]) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert "Error" in output


def known_faults() -> dict[str, set[str]]:
    """The table in the sample site's own README: page to rules."""
    faults: dict[str, set[str]] = {"statement.html": set()}
    readme = (DEMO_PAGES.parent / "README.md").read_text(encoding="utf-8")
    for line in readme.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].endswith(".html"):
            faults.setdefault(cells[0], set()).add(cells[1])
    return faults


def test_the_sample_government_site_shows_its_known_faults(tmp_path: Path) -> None:
    file = tmp_path / "scan.json"
    with serve_site() as address:
        host = address.removeprefix("http://").rstrip("/")
        code, _ = run(address, "--pages", "30", "--json", str(file), "--allow", host)
    assert code == 0
    found = {
        page["url"].rpartition("/")[2] or "index.html": {
            one["rule"] for one in page["results"] if one["kind"] == "violation"
        }
        for page in json.loads(file.read_text(encoding="utf-8"))["pages"]
        if page["outcome"] == "scanned"
    }
    expected = known_faults()
    assert len(expected) > 7
    reached = {name: rules for name, rules in found.items() if name in expected}
    assert reached == expected
