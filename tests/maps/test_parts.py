"""The parts of a page with a map, without a browser."""

import html
import json
import re
from html.parser import HTMLParser

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.facilities.rules import KINDS
from audit.geo.geojson import shape_of
from audit.geo.shapes import Area
from audit.maps.layer import as_references, constant, tile_address
from audit.maps.page import Basemap, Look, MapParts, Outline, Pick, build_map, build_picker
from audit.maps.texts import FACILITIES, FINDINGS, PICKING, texts
from tests.maps.site import ZIYANG, look

NONCE = "kQ2-9_abcDEF"
EVALUATED = str(7919 * 7927)
HOSTILE = [
    "{{ 7919*7927 }}",
    "{% for x in [7919*7927] %}{{ x }}{% endfor %}",
    "{# cut",
    "{% broken",
    "</script><script>broken()</script>",
    "<img src=x onerror=broken()>",
    "${broken()}",
    "`+broken()+`",
    "'\"\\\u2028\u2029",
]
SQUARE = shape_of(
    {"type": "Polygon", "coordinates": [[[104, 30], [105, 30], [105, 31], [104, 31], [104, 30]]]}
)
TIANDITU = (
    "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=0a1b"
)


class Tags(HTMLParser):
    """Every start tag with its attributes, and the text of each script."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)


def _markup(parts: MapParts) -> str:
    return parts.header + parts.body + parts.script


def _config(parts: MapParts) -> dict[str, object]:
    found = re.search(r'type="application/json" id="[^"]+">(.*?)</script>', parts.script)
    assert found
    config: dict[str, object] = json.loads(found[1])
    return config


@pytest.fixture(params=["findings", "picker", "with tiles"])
def parts(request: pytest.FixtureRequest) -> MapParts:
    if request.param == "picker":
        return build_picker(look(NONCE), Pick("lon", "lat"))
    base = Basemap(TIANDITU, "天地图 GS(2024)0650号", "01234567")
    return build_map(
        look(NONCE, basemap=base if request.param == "with tiles" else None),
        FINDINGS,
        endpoint="/f",
    )


def test_every_inline_script_and_style_carries_the_nonce(parts: MapParts) -> None:
    inline = [
        attributes
        for tag, attributes in Tags(_markup(parts)).tags
        if tag == "style" or (tag == "script" and "json" not in (attributes.get("type") or ""))
    ]
    assert len(inline) >= 3
    ours = [a for a in inline if a.get("nonce") == NONCE]
    others = [a for a in inline if a not in ours]
    assert all((a.get("src") or "").startswith("/static/") for a in others)


def test_no_tag_carries_a_style_or_a_handler(parts: MapParts) -> None:
    names = {name for _, attributes in Tags(_markup(parts)).tags for name in attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}


def test_every_file_is_our_own(parts: MapParts) -> None:
    files = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in Tags(_markup(parts)).tags
        if tag in ("script", "link")
    ]
    assert {file for file in files if file} == {
        "/static/1/vendor/leaflet-1.9.4/dist/leaflet.js",
        "/static/1/vendor/leaflet-1.9.4/dist/leaflet.css",
        "/static/1/css/components/map.css",
        "/static/1/css/components/map-marks.css",
        *(file for file in files if file.startswith("/static/1/js/map/")),
    }


def test_the_page_keeps_its_own_viewport_and_zoom(parts: MapParts) -> None:
    markup = _markup(parts).lower()
    assert "viewport" not in markup
    assert "user-scalable" not in markup
    assert "jquery" not in markup
    assert "bootstrap" not in markup


def test_ids_are_unique_and_two_maps_can_share_a_page() -> None:
    shared = look(NONCE)
    other = Look("zh-CN", ZIYANG, NONCE, shared.static_url, key="second")
    markup = _markup(build_map(shared, FINDINGS, endpoint="/f")) + _markup(
        build_picker(other, Pick("lon", "lat"))
    )
    ids = [attributes["id"] for _, attributes in Tags(markup).tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 10


def test_the_outlines_reach_the_script_as_numbers_only() -> None:
    parts = build_map(look(NONCE), FINDINGS, endpoint="/f")
    assert "雁江区" not in parts.script.replace(json.dumps(_config(parts), ensure_ascii=False), "")
    assert "[30.30191, 104.718469]" in parts.script


@pytest.mark.parametrize("text", HOSTILE[:-1])  # the last endangers our own JSON alone
def test_folium_itself_would_be_broken_by_such_text_or_let_it_through(text: str) -> None:
    """What the next test looks for can be found: the same text given to Folium directly."""
    naive = folium.Map(tiles=None)
    folium.Marker([30, 104], popup=text, tooltip=text).add_to(naive)
    try:
        page = naive.get_root().render()
    except Exception:
        return
    assert EVALUATED in page or text in page or "broken()" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_never_run(text: str) -> None:
    assert isinstance(SQUARE, Area)
    hostile = Look(
        lang="zh-CN",
        bounds=ZIYANG,
        nonce=NONCE,
        static_url=lambda path: f"/static/1/{path}",
        outlines=[Outline(text, SQUARE)],
        basemap=Basemap("https://tiles.example/{z}/{x}/{y}.png", text),
        credit=text,
    )
    parts = build_map(hostile, FINDINGS, endpoint=f"/findings.json?q={text}")
    tame = build_map(look(NONCE, basemap=hostile.basemap), FINDINGS, endpoint="/f")
    markup = _markup(parts)
    assert EVALUATED not in markup
    assert _config(parts)["endpoint"] == f"/findings.json?q={text}"
    assert _config(parts)["names"] == [
        {"name": text, "lon": pytest.approx(104.5), "lat": pytest.approx(30.5), "minor": False}
    ]
    assert html.escape(text, quote=False) in html.unescape(parts.body) or text in html.unescape(
        parts.body
    )
    shape = [tag for tag, _ in Tags(markup).tags]
    expected = [tag for tag, _ in Tags(_markup(tame)).tags]
    assert shape == expected
    code = Tags(parts.script).scripts[-1]
    assert "broken()" not in code
    assert text not in code


@pytest.mark.parametrize("text", [*HOSTILE, "", "a b", "a;b", "(a)", "x" * 201])
def test_only_our_own_constants_pass_the_guard(text: str) -> None:
    with pytest.raises(ValueError, match="our own"):
        constant(text)


@pytest.mark.parametrize("text", ["main", NONCE, "/static/0a1b2c/js/map/pin.js", "01234567"])
def test_our_constants_do_pass(text: str) -> None:
    assert constant(text) == text


@pytest.mark.parametrize("field", ["nonce", "key"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_setting_stops_the_map(field: str, text: str) -> None:
    values = {"lang": "zh", "bounds": ZIYANG, "nonce": NONCE, "static_url": lambda path: path}
    with pytest.raises(ValueError):
        build_map(Look(**{**values, field: text}), FINDINGS, endpoint="/f")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        *HOSTILE,
        "javascript:alert(1)",
        "//host/{z}",
        "https://h/{{z}}",
        "https://h/{zoom}",
        "file:///x",
    ],
)
def test_a_tile_address_with_code_in_it_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no address of map tiles"):
        tile_address(url)


def test_the_usual_tile_addresses_are_accepted() -> None:
    assert tile_address(TIANDITU) == TIANDITU
    assert tile_address("http://10.0.0.8:8080/{z}/{x}/{y}.png")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_references_carry_any_text_and_no_code(text: str) -> None:
    carried = as_references(text)
    assert html.unescape(carried) == text
    assert not set(carried) & set("{}<>$`'\"\\%(")


@pytest.mark.parametrize("table", [FINDINGS.words, FACILITIES.words, PICKING])
def test_both_languages_say_everything_with_the_same_places(
    table: dict[str, tuple[str, str]],
) -> None:
    for zh, en in table.values():
        assert zh
        assert en
        assert re.findall(r"%\((\w+)\)s", zh) == re.findall(r"%\((\w+)\)s", en)
        assert not re.search(r"[\u4e00-\u9fff]", en)


def test_a_page_in_english_gets_english() -> None:
    assert texts(FINDINGS.words, "en")["zoom_in"] == "Zoom in"
    assert texts(FINDINGS.words, "zh-CN")["zoom_in"] == "放大"


def test_each_severity_has_a_shape_a_word_and_a_short_one_of_its_own() -> None:
    assert len(set(FINDINGS.shapes.values())) == len(FINDINGS.shapes) == 4
    for mark in FINDINGS.marks:
        assert FINDINGS.words[mark]
        assert all(1 <= len(word) <= 2 for word in FINDINGS.short[mark])


def test_each_kind_that_has_a_place_has_a_word_and_a_drawing_of_its_own() -> None:
    placed = [kind for kind, facts in KINDS.items() if facts.has_place]
    assert FACILITIES.marks == placed
    assert len({FACILITIES.glyphs[mark] for mark in placed}) == len(placed)
    assert all(FACILITIES.words[mark] for mark in placed)


def test_the_gravest_severity_comes_first() -> None:
    assert FINDINGS.marks == ["S1", "S2", "S3", "S4"]
