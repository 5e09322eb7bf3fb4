"""The only door to Folium: a page's map and the layers that we put on it.

Folium compiles what it is given as a template, twice, and writes it into JavaScript. So it gets
numbers, our own ids and our own constants; `constant`, `tile_address` and `as_references` refuse
or disarm everything else. Texts, addresses and findings reach the browser as JSON, beside it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import folium
from branca.element import Figure
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from audit.geo.points import Box
from audit.geo.shapes import Area

LEAFLET_JS = (("leaflet", "vendor/leaflet-1.9.4/dist/leaflet.js"),)
LEAFLET_CSS = (
    ("leaflet_css", "vendor/leaflet-1.9.4/dist/leaflet.css"),
    ("map_css", "css/components/map.css"),
    ("map_marks_css", "css/components/map-marks.css"),
)
MIN_ZOOM, MAX_ZOOM = 5, 18

StaticUrl = Callable[[str], str]
Lines = folium.PolyLine
AnyLayer = Layer | Lines

_CONSTANT = re.compile(r"[A-Za-z0-9/._:#=-]{1,200}")
_TILES = re.compile(r"https?://(?:[A-Za-z0-9._:/?&=%~,-]|\{(?:s|x|y|z|r|-y)\}){1,400}")
_PLAIN = re.compile(r"[A-Za-z0-9 .,_:/-]")


def constant(text: str) -> str:
    """Pass an id, a nonce or an address of ours. Raises ValueError for anything that is none."""
    if not _CONSTANT.fullmatch(text):
        raise ValueError("only our own ids and addresses may reach the map's template")
    return text


def tile_address(template: str) -> str:
    """Pass a tile address with {s}, {x}, {y}, {z}. Raises ValueError for other braces or signs."""
    if not _TILES.fullmatch(template):
        raise ValueError("this is no address of map tiles")
    return template


def as_references(text: str) -> str:
    """Text as HTML character references, which no template and no script can take for code."""
    return "".join(c if _PLAIN.fullmatch(c) else f"&#{ord(c)};" for c in text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element will live: the map's key, its area and the first view of it, the page's
    nonce and files."""

    key: str
    box: Box
    start: Box | None
    nonce: str
    static_url: StaticUrl

    def links(self, table: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Names and addresses as Folium wants them."""
        return [(name, constant(self.static_url(path))) for name, path in table]


def corners(box: Box) -> list[list[float]]:
    """As Leaflet wants them: [[south, west], [north, east]]."""
    return [[box.south, box.west], [box.north, box.east]]


class PageMap(folium.Map):
    """A map for a page of ours: local files, no viewport of its own, its height from map.css.

    The element is named by `about`, the id of the text that says how to use it, and by `label`,
    the id of its name.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="map__canvas" id="{{ this.get_name() }}" role="region"
             aria-labelledby="{{ this.label }}" aria-describedby="{{ this.about }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
          center: {{ this.location|tojson }},
          ...{{ this.options|tojavascript }}
        });
        {% endmacro %}
        """
    )

    def __init__(self, place: Place):
        super().__init__(
            location=[place.box.centre.lat, place.box.centre.lon],
            zoom_start=9,
            tiles=None,
            zoom_control=False,
            minZoom=MIN_ZOOM,
            maxZoom=MAX_ZOOM,
            scrollWheelZoom=False,
            attributionControl=True,
            bounceAtZoomLimits=False,
        )
        self._id = constant(place.key)
        self.label, self.about = f"map-{place.key}-label", f"map-{place.key}-about"
        self.default_js = place.links(LEAFLET_JS)
        self.default_css = place.links(LEAFLET_CSS)


class BrowserLayer(JSCSSMixin, Layer):
    """A layer that lives in one of our JavaScript modules.

    The module adds `maker` to Leaflet; the maker gets the id of the JSON with its texts and
    addresses, its area and the box to show first. A module runs before the map's own script,
    because both wait until the page is read and the module stands first.
    """

    maker = ""
    path = ""
    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <script type="module" src="{{ this.module }}" nonce="{{ this.nonce }}"></script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.{{ this.maker }}({{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, place: Place):
        super().__init__(control=False)
        self._name = type(self).__name__
        self._id = constant(place.key)
        self.nonce = constant(place.nonce)
        self.module = constant(place.static_url(self.path))
        self.options = {
            "config": constant(f"map-{place.key}-config"),
            "bounds": corners(place.box),
            "start": corners(place.start or place.box),
        }


class PlacesLayer(BrowserLayer):
    """Marked places or groups of them, asked for by view; see `static/js/map/places-layer.js`."""

    maker = "placesLayer"
    path = "js/map/places-layer.js"


class PickPointLayer(BrowserLayer):
    """One pin that writes its place into two inputs; see `static/js/map/pick-point.js`."""

    maker = "pickPointLayer"
    path = "js/map/pick-point.js"


def outline_layer(area: Area, *, minor: bool) -> Lines:
    """The borders of an area as lines; numbers only, its name is drawn by the browser."""
    rings = [ring for polygon in area.polygons for ring in (polygon.outer, *polygon.holes)]
    return Lines(  # type: ignore[no-untyped-call]
        [[[point.lat, point.lon] for point in ring] for ring in rings],
        color="#45575d",
        weight=2,
        class_name="map-outline map-outline--minor" if minor else "map-outline",
    )


def tile_layer(url: str, attribution: str, subdomains: str, max_zoom: int) -> folium.TileLayer:
    """A configured base map."""
    return folium.TileLayer(
        tiles=tile_address(url),
        attr=as_references(attribution) or "-",
        subdomains=constant(subdomains or "abc"),
        max_native_zoom=max_zoom,
        max_zoom=MAX_ZOOM,
        control=False,
    )


def parts_of(page_map: PageMap, layers: Sequence[AnyLayer]) -> tuple[str, str, str]:
    """What belongs into the head, where the map stands, and the script without its tag."""
    for layer in layers:
        layer.add_to(page_map)
    page_map.render()  # type: ignore[no-untyped-call]
    figure = cast(Figure, page_map.get_root())
    del figure.header._children["meta_http"]
    return figure.header.render(), figure.html.render(), figure.script.render()
