"""A map as three parts that a template puts into its page.

`header` goes into the head, `body` where the map shall stand, `script` to the end of the body.
They pass `script-src 'self' 'nonce-…'; style-src 'self' 'nonce-…'; style-src-attr 'none'`. A page
may carry several maps with different keys.

A map of marked places, findings or facilities, asks its endpoint for what the view needs:

    GET <endpoint>?bbox=<west>,<south>,<east>,<north>&z=<zoom>[&mode=points]

Degrees, WGS-84. The box is made of whole tiles of zoom z, drawn in by a tenth of a metre so that
it touches no tile beside them. The endpoint may carry a query of its own (the page's filters),
which is kept. `mode=points` asks for points however many there are, and the answer may then be
cut; its box is one cell of the map, which is a tile two zooms further in, so z is up to 20.
The answer is JSON:

    {"mode": "points" | "cells",
     "total": 412,            things in the box, also those that were cut away
     "truncated": false,      whether items were cut away
     "items": [...]}

    a point: {"id": "…", "url": "/findings/…", "lon": 104.6, "lat": 30.1, "mark": "S1",
              "status": "已派单", "title": "坡道过陡"}      texts in the page's language
    a cell:  {"lon": 104.6, "lat": 30.1, "n": [1, 0, 4, 7]}
              the mean place of its things, and how many there are of each mark, in the subject's
              order; cells are squares of 64 pixels, `audit.geo.cells.parent_cell(cell, zoom)`,
              and larger ones where the box has more than 640 tiles

The endpoint of lines and areas answers the same question, from zoom 12 on, with

    {"truncated": false, "items": [{"id": "…", "area": false, "places": …}]}
              places as Leaflet has them, [lat, lon], simplified to about a pixel: of a line its
              parts, of an area its polygons of rings

On the element of class `map` the browser fires `drawn` after each drawing; its detail is
{zoom, bbox: [west, south, east, north], total, shown, truncated}.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from audit.geo.points import Box
from audit.geo.polygons import representative_point
from audit.geo.shapes import Area
from audit.maps import body
from audit.maps.texts import PICKING, Subject, texts

if TYPE_CHECKING:  # Folium is slow to load: only when a map is drawn, not at the start
    from audit.maps import layer

_KEY = re.compile(r"[a-z][a-z0-9]{0,30}")


@dataclass(frozen=True, slots=True)
class MapParts:
    """Safe markup for the three places of a page."""

    header: Markup
    body: Markup
    script: Markup


@dataclass(frozen=True, slots=True)
class Basemap:
    """Tiles from a configured server. `url` has {s}, {x}, {y}, {z}; `attribution` is plain text
    and names the source and the map approval number."""

    url: str
    attribution: str
    subdomains: str = ""
    max_zoom: int = 18


@dataclass(frozen=True, slots=True)
class Outline:
    """A border to draw, and its name in the language of the page. A minor one lies within others:
    it is dashed, and named from close by."""

    name: str
    area: Area
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What every map of a page shares.

    `bounds` is shown by "whole area", and at first where there is no `start`. `static_url` turns a
    path below `static/` into an address. `credit` is the line below the map: source of the
    outlines, map approval number.
    """

    lang: str
    bounds: Box
    nonce: str
    static_url: "layer.StaticUrl"
    outlines: Sequence[Outline] = ()
    basemap: Basemap | None = None
    credit: str = ""
    key: str = "main"
    start: Box | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """The ids of the inputs that a place is written into, and what helps to find it.

    `accuracy_input`, if there is one, gets the metres that the phone claims, and is emptied when
    the marker is moved by hand. `district_input` is a select whose values are keys of
    `districts`; the map turns to the chosen one until a place is set. `known` is an endpoint of
    places to show faintly from close by, `shapes` of lines and areas.
    """

    lon_input: str
    lat_input: str
    accuracy_input: str = ""
    district_input: str = ""
    districts: Mapping[str, Box] = field(default_factory=dict)
    known: str = ""
    shapes: str = ""


def build_map(look: Look, subject: Subject, *, endpoint: str, shapes: str = "") -> MapParts:
    """A map of marked places, with what `shapes` gives behind them.

    Raises ValueError when a setting would put code into the map.
    """
    from audit.maps import layer

    words = texts(subject.words, look.lang)
    frame = body.Frame(look.key, words, look.credit)
    config = {
        "endpoint": endpoint,
        "shapes": shapes,
        "texts": words,
        "marks": subject.marks,
        "short": texts(subject.short, look.lang),
        "group": subject.group,
    }
    return _assemble(
        look, layer.PlacesLayer, config, lambda canvas: body.places(frame, subject, canvas)
    )


def build_picker(look: Look, pick: Pick) -> MapParts:
    """A map that writes a place into inputs, which work without it.

    Degrees with six decimals. Each change fires `input` and `change` on the inputs, and `picked`
    on the element of class `map`.
    """
    from audit.maps import layer

    words = texts(PICKING, look.lang)
    frame = body.Frame(look.key, words, look.credit)
    config = {
        "inputs": {"lon": pick.lon_input, "lat": pick.lat_input, "accuracy": pick.accuracy_input},
        "district": pick.district_input,
        "districts": {code: layer.corners(box) for code, box in pick.districts.items()},
        "known": pick.known,
        "shapes": pick.shapes,
        "texts": words,
    }
    return _assemble(look, layer.PickPointLayer, config, lambda canvas: body.picker(frame, canvas))


def _assemble(
    look: Look,
    kind: "type[layer.BrowserLayer]",
    config: Mapping[str, object],
    around: Callable[[Markup], Markup],
) -> MapParts:
    from audit.maps import layer

    if not _KEY.fullmatch(look.key):
        raise ValueError("a map's key is a short lower-case word")
    header, canvas, script = layer.parts_of(*_layers(look, kind))
    whole = {**config, "lang": look.lang, "names": _names(look.outlines)}
    data = _json_block(f"map-{look.key}-config", whole)
    return MapParts(
        header=_from_layer(header),
        body=around(_from_layer(canvas)),
        script=data
        + Markup('<script type="module" nonce="{}">{}</script>').format(
            look.nonce, _from_layer(script)
        ),
    )


def _from_layer(text: str) -> Markup:
    """`layer` lets nothing but constants and numbers into its three texts."""
    return Markup(text)  # noqa: S704


def _layers(
    look: Look, kind: "type[layer.BrowserLayer]"
) -> "tuple[layer.PageMap, list[layer.AnyLayer]]":
    from audit.maps import layer

    place = layer.Place(look.key, look.bounds, look.start, look.nonce, look.static_url)
    layers: list[layer.AnyLayer] = []
    if look.basemap:
        base = look.basemap
        layers.append(layer.tile_layer(base.url, base.attribution, base.subdomains, base.max_zoom))
    layers += [layer.outline_layer(one.area, minor=one.minor) for one in look.outlines]
    layers.append(kind(place))
    return layer.PageMap(place), layers


def _names(outlines: Sequence[Outline]) -> list[dict[str, object]]:
    """Where the name of each outline stands, the larger ones first: they win where two collide."""
    middles = [(one, representative_point(one.area)) for one in outlines]
    return [
        {"name": one.name, "lon": spot.lon, "lat": spot.lat, "minor": one.minor}
        for one, spot in sorted(middles, key=lambda pair: pair[0].minor)
    ]


def _json_block(block_id: str, value: object) -> Markup:
    """Data for a script. `<`, `>` and `&` are written as escapes, so nothing ends the element."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup('<script type="application/json" id="{}">{}</script>').format(
        block_id,
        Markup(text),  # noqa: S704 - nothing in it can end the element
    )
