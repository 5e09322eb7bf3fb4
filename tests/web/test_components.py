"""The parts that every page is made of: markup, files and colours of the themes."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, g

from audit.app import create_app
from audit.core.settings import ROOT, Settings

CSS = ROOT / "static" / "css"
JS = ROOT / "static" / "js"
TEMPLATES = ROOT / "templates"
THEMES = {"light": [], "dark": ["dark"], "contrast": ["contrast"], "auto": ["contrast-light"]}
HOSTILE = "<script>alert(1)</script>\"'>"


@pytest.fixture(scope="module")
def gallery_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings(var_dir=tmp_path_factory.mktemp("var"), show_gallery=True))


@pytest.fixture(scope="module")
def gallery(gallery_app: Flask) -> Element:
    return parsed(gallery_app.test_client().get("/gallery").text)


def parsed(page: str) -> Element:
    """The tree of a page; an error of its HTML fails the test."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def draw(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context("/"):
        g.request_id = "abc"
        return app.jinja_env.from_string(source).render(**values)


# The markup


def test_the_gallery_is_shown_only_where_a_setting_asks_for_it(tmp_path: Path) -> None:
    product = create_app(Settings(var_dir=tmp_path))
    assert product.test_client().get("/gallery").status_code == 404


def test_the_gallery_has_one_h1_and_its_title_begins_with_it(gallery: Element) -> None:
    headings = gallery.findall(".//h1")
    assert len(headings) == 1
    assert text_of(gallery.find(".//title")).startswith("组件总览")
    assert text_of(headings[0]).endswith("组件总览")


def test_the_landmarks_are_there_once_and_every_nav_has_its_own_name(gallery: Element) -> None:
    for name in ("header", "main", "footer"):
        assert len(gallery.findall(f".//{name}")) == 1
    names = [nav.get("aria-label") for nav in gallery.findall(".//nav")]
    assert all(names)
    assert len(names) == len(set(names))


def test_no_two_elements_share_an_id_and_every_reference_leads_somewhere(gallery: Element) -> None:
    ids = Counter(one.get("id") for one in gallery.iter() if one.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    for one in gallery.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for reference in one.get(attribute, "").split():
                assert reference in ids, f"{attribute} of {one.tag} names {reference}"


def test_every_control_has_a_label(gallery: Element) -> None:
    labelled = {one.get("for") for one in gallery.findall(".//label")}
    controls = [
        one
        for tag in ("input", "select", "textarea")
        for one in gallery.findall(f".//{tag}")
        if one.get("type") != "hidden"
    ]
    assert len(controls) > 20
    assert [one.get("name") for one in controls if one.get("id") not in labelled] == []


def test_a_field_with_an_error_says_so_and_points_to_its_text(gallery: Element) -> None:
    field = gallery.find(".//input[@id='gallery-wide']")
    assert field.get("aria-invalid") == "true"
    told = [
        text_of(gallery.find(f".//*[@id='{one}']")) for one in field.get("aria-describedby").split()
    ]
    assert told == ["量最窄的地方", "错误：请填写数字，例如 1500"]


def test_the_unit_and_the_duty_to_answer_are_part_of_the_label(gallery: Element) -> None:
    assert (
        text_of(gallery.find(".//label[@for='gallery-wide']"))
        == "门口净宽是多少？ （毫米） （必填）"
    )


def test_each_error_of_the_summary_leads_to_a_control(gallery: Element) -> None:
    summary = gallery.find(".//div[@id='error-summary']")
    for link in summary.findall(".//a"):
        target = gallery.find(f".//*[@id='{link.get('href')[1:]}']")
        assert target.tag in ("input", "select", "textarea")


def test_every_cell_of_a_table_names_its_column(gallery: Element) -> None:
    row = gallery.find(".//tbody/tr")
    assert row.find("th").get("scope") == "row"
    assert all(cell.find("span[@class='table__label']") is not None for cell in row.findall("td"))


def test_no_page_part_needs_an_inline_style_a_handler_or_another_host(gallery: Element) -> None:
    for one in gallery.iter():
        assert not [name for name in one.attrib if name == "style" or name.startswith("on")]
        for attribute in ("src", "href", "action"):
            assert not re.match(r"(?i)(https?:|//|javascript:)", one.get(attribute, ""))
    for script in gallery.findall(".//script"):
        assert script.get("nonce")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507])
def test_an_error_page_says_what_happened_what_to_do_and_its_number(
    gallery_app: Flask, status: int
) -> None:
    with gallery_app.test_request_context("/"):
        g.request_id = "f00d"
        template = gallery_app.jinja_env.get_template("errors/error.html")
        context: dict[str, Any] = {"status": status, "message": None, "request_id": "f00d"}
        gallery_app.update_template_context(context)
        page = parsed(template.render(context))
    main = page.find(".//main")
    assert len(main.findall(".//h1")) == 1
    assert "您可以这样做" in text_of(main)
    assert "f00d" in text_of(main)
    assert main.find(".//a[@href='/']") is not None


def test_what_a_person_typed_is_never_markup(gallery_app: Flask) -> None:
    page = draw(
        gallery_app,
        """{% from "components/field.html" import text_field, textarea_field, select_field %}
        {% from "components/table.html" import data_table %}
        {% from "components/rows.html" import row_list %}
        {% from "components/summary.html" import summary_list %}
        {% from "components/timeline.html" import timeline %}
        {% from "components/photo.html" import photo_figure %}
        {% from "components/errors.html" import error_summary %}
        {{ text_field("a", bad, bad, bad, bad, attrs={"placeholder": bad}) }}
        {{ textarea_field("b", bad, bad) }}{{ select_field("c", bad, [(bad, bad)], bad) }}
        {{ data_table(bad, [{"key": "a", "label": bad}], [{"a": bad}]) }}
        {{ row_list([{"title": bad, "url": "/", "meta": [bad], "note": bad}], bad) }}
        {{ summary_list([{"label": bad, "value": bad}]) }}
        {{ timeline([{"title": bad, "when": bad, "who": bad, "text": bad}]) }}
        {{ photo_figure("/p", bad, bad, meta=[bad]) }}{{ error_summary([("a", bad)]) }}""",
        bad=HOSTILE,
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 20
    fragment = html5lib.parseFragment(page, namespaceHTMLElements=False)
    assert fragment.find(".//input[@id='a']").get("value") == HOSTILE


def test_an_icon_that_does_not_exist_is_an_error(gallery_app: Flask) -> None:
    with pytest.raises(Exception, match="unicorn"):
        draw(gallery_app, '{% from "components/icon.html" import icon %}{{ icon("unicorn") }}')


def test_macros_speak_the_language_of_each_reader() -> None:
    """A text at the top level of a file of macros would stay in the first reader's language."""
    for path in (TEMPLATES / "components").glob("*.html"):
        outside = re.sub(
            r"\{%-? macro .*?endmacro -?%\}|\{#.*?#\}", "", path.read_text(), flags=re.S
        )
        assert "_(" not in outside, path.name


def test_a_chosen_theme_holds_whatever_the_system_prefers(gallery_app: Flask) -> None:
    client = gallery_app.test_client()
    client.set_cookie("theme", "dark")
    client.set_cookie("text", "large")
    page = parsed(client.get("/gallery").text)
    assert (page.get("data-theme"), page.get("data-text")) == ("dark", "large")
    themes = {
        Path(link.get("href")).stem: link.get("media")
        for link in page.findall(".//link")
        if "/themes/" in link.get("href")
    }
    assert themes == {"dark": "screen"}


# The files


OF_ONE_PAGE = {
    "components/capture.css",
    "components/map.css",
    "components/map-marks.css",
    "components/paper-checklist.css",
    "paper.css",
}


def test_every_style_sheet_is_linked_once_and_exists(gallery: Element) -> None:
    linked = [
        link.get("href").split("/css/")[1] for link in gallery.findall(".//link[@rel='stylesheet']")
    ]
    ours = {str(path.relative_to(CSS)) for path in CSS.rglob("*.css")}
    assert len(linked) == len(set(linked))
    assert ours - set(linked) == OF_ONE_PAGE
    assert set(linked) <= ours


def test_every_behaviour_that_a_template_names_exists() -> None:
    for path in TEMPLATES.rglob("*.html"):
        for names in re.findall(r'data-module="([a-z/ -]+)"', path.read_text()):
            for name in names.split():
                assert (JS / f"{name}.js").is_file(), f"{path.name} names {name}"


def test_a_style_uses_no_value_that_no_style_or_script_sets() -> None:
    sheets = "".join(path.read_text() for path in CSS.rglob("*.css"))
    pages = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    scripts = "".join(path.read_text() for path in JS.rglob("*.js"))
    code = "".join(path.read_text() for path in (ROOT / "audit").rglob("*.py"))
    known = set(re.findall(r"(--[\w-]+)[\"']?\s*[:,]", sheets + pages + scripts + code))
    assert set(re.findall(r"var\(\s*(--[\w-]+)", sheets)) - known == set()


def test_a_style_uses_no_colour_of_its_own() -> None:
    for path in [CSS / "base.css", *(CSS / "components").glob("*.css")]:
        if path.name != "map.css":
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()) == [], path.name


# The colours


def colours(theme: str) -> dict[str, str]:
    """Every colour token as it stands in a theme."""
    sheets = [CSS / "tokens.css", *(CSS / "themes" / f"{name}.css" for name in THEMES[theme])]
    found: dict[str, str] = {}
    for sheet in sheets:
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", sheet.read_text()))
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("page", "surface", "sunken", "accent-soft")
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "ink-soft", "link") for ground in GROUNDS),
    *(
        (state, ground)
        for state in ("ok", "warn", "danger", "info")
        for ground in ("surface", "page")
    ),
    *((state, f"{state}-soft") for state in ("ok", "warn", "danger", "info")),
    *(("ink", f"{state}-soft") for state in ("ok", "warn", "danger", "info")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-strong", "accent-soft"),
    ("on-danger", "danger"),
    ("on-band", "band"),
    ("on-band", "band-hover"),
    ("on-band-soft", "band"),
    ("on-plate", "plate"),
]


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_is_readable_on_its_ground_in_every_theme(theme: str) -> None:
    token = colours(theme)
    weak = {
        pair: round(contrast(token[pair[0]], token[pair[1]]), 2)
        for pair in TEXT_PAIRS
        if contrast(token[pair[0]], token[pair[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_borders_of_controls_and_the_focus_ring_can_be_seen_in_every_theme(theme: str) -> None:
    token = colours(theme)
    for ground in ("page", "surface", "sunken"):
        assert contrast(token["line-strong"], token[ground]) >= 3
        assert contrast(token["accent"], token[ground]) >= 3
    for ground in ("page", "surface", "sunken", "band", "accent", "danger-soft"):
        ring = max(contrast(token[ring], token[ground]) for ring in ("focus", "focus-edge"))
        assert ring >= 3, ground
