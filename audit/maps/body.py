"""The HTML around a map's canvas: its name, buttons outside the canvas, status, legend, panel.

Everything that only works with JavaScript is hidden until the map's module shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from audit.maps.texts import Subject

_ARROWS = {
    "north": "M12 20V5M5 11l7-7 7 7",
    "west": "M20 12H5M11 5l-7 7 7 7",
    "east": "M4 12h15M13 5l7 7-7 7",
    "south": "M12 4v15M5 13l7 7 7-7",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every map needs: the key that makes ids unique, the words, the credit line."""

    key: str
    words: Mapping[str, str]
    credit: str

    def id_of(self, part: str) -> str:
        """The id of a part of this map."""
        return f"map-{self.key}-{part}"


def places(frame: Frame, subject: Subject, canvas: Markup) -> Markup:
    """Buttons and status, the canvas with its panel for details, the legend."""
    return _map(frame, "map--places", canvas + _panel(frame), _legend(frame, subject))


def picker(frame: Frame, canvas: Markup) -> Markup:
    """Buttons and status, the canvas, the buttons that nudge the marker."""
    return _map(frame, "map--picker", canvas, _nudges(frame))


def _map(frame: Frame, kind: str, stage: Markup, below: Markup) -> Markup:
    return Markup(
        '<div class="map {kind}" id="{box}" hidden>'
        '<p class="visually-hidden" id="{label}">{name}</p>'
        '<div class="map__bar">{tools}<p class="map__status" role="status"></p></div>'
        '<p class="map__notice" hidden></p>'
        '<div class="map__stage">{stage}</div>{below}'
        '<p class="map__about" id="{about_id}">{about}</p>{credit}</div>'
        '<noscript><p class="map__no-script">{no_script}</p></noscript>'
    ).format(
        kind=kind,
        box=frame.id_of("box"),
        label=frame.id_of("label"),
        name=frame.words["name"],
        about_id=frame.id_of("about"),
        about=frame.words["about"],
        tools=_tools(frame),
        stage=stage,
        below=below,
        credit=Markup('<p class="map__credit">{}</p>').format(frame.credit),
        no_script=frame.words["no_script"],
    )


def _tools(frame: Frame) -> Markup:
    plain = ("zoom_in", "zoom_out", "reset", "locate")
    buttons = [_word_button(_for_map(act), frame.words[act]) for act in plain]
    arrows = [
        _arrow_button(_for_map(f"pan_{arrow}"), arrow, frame.words[f"pan_{arrow}"])
        for arrow in _ARROWS
    ]
    return _group("map__tools", frame.words["tools"], buttons + arrows)


def _nudges(frame: Frame) -> Markup:
    steps = Markup("").join(
        Markup(
            '<label class="map__step"><input type="radio" name="{}" value="{}"{}> {}</label>'
        ).format(
            frame.id_of("step"),
            metres,
            Markup(" checked") if metres == 1 else "",
            frame.words["metres"].replace("%(count)s", str(metres)),
        )
        for metres in (1, 10)
    )
    choice = Markup('<fieldset class="map__steps"><legend>{}</legend>{}</fieldset>').format(
        frame.words["step"], steps
    )
    arrows = [
        _arrow_button(_for_pin(arrow), arrow, frame.words[f"nudge_{arrow}"]) for arrow in _ARROWS
    ]
    centre = _word_button(_for_pin("centre"), frame.words["centre"])
    return _group("map__nudges", frame.words["nudge"], [centre, choice, *arrows])


def _panel(frame: Frame) -> Markup:
    return Markup(
        '<section class="map__panel" aria-labelledby="{0}" hidden>'
        '<div class="map__panel-head"><h3 class="map__panel-title" id="{0}" tabindex="-1"></h3>'
        '<button class="map__tool" type="button" data-panel="close">{1}</button></div>'
        '<div class="map__panel-body"></div></section>'
    ).format(frame.id_of("panel"), frame.words["close"])


def _legend(frame: Frame, subject: Subject) -> Markup:
    """Also defines the shapes that markers are drawn with."""
    items = Markup("").join(
        Markup("<li>{} {}</li>").format(_drawing(frame, subject, mark), frame.words[mark])
        for mark in subject.marks
    )
    group = _drawing(frame, subject, subject.group) if subject.group else Markup("")
    return Markup(
        '<div class="map__legend"><p class="map__legend-name" id="{id}">{name}</p>'
        '<ul aria-labelledby="{id}">{items}</ul><p>{group} {number}</p></div>'
    ).format(
        id=frame.id_of("legend"),
        name=frame.words["legend"],
        items=items,
        group=group,
        number=frame.words["number"],
    )


def _drawing(frame: Frame, subject: Subject, mark: str) -> Markup:
    return Markup(
        '<svg class="map-shape map-shape--{css}" viewBox="-3 -3 42 42" aria-hidden="true">'
        '<g id="{id}"><path class="map-shape__edge" d="{path}"/>'
        '<path class="map-shape__ring" d="{path}"/><path class="map-shape__fill" d="{path}"/>'
        "{glyph}</g></svg>"
    ).format(
        css="kind" if mark in subject.glyphs else mark.lower(),
        id=frame.id_of(mark),
        path=subject.shapes[mark],
        glyph=_glyph(subject.glyphs.get(mark, "")),
    )


def _glyph(drawing: str) -> Markup:
    if not drawing:
        return Markup("")
    return Markup('<g class="map-shape__glyph" transform="translate(6 6)">{}</g>').format(
        Markup(drawing)  # noqa: S704 -- our own file
    )


def _group(css: str, label: str, members: Sequence[Markup]) -> Markup:
    return Markup('<div class="{}" role="group" aria-label="{}">{}</div>').format(
        css, label, Markup("").join(members)
    )


def _word_button(act: Markup, word: str) -> Markup:
    return Markup('<button class="map__tool" type="button" {}>{}</button>').format(act, word)


def _arrow_button(act: Markup, arrow: str, word: str) -> Markup:
    return Markup(
        '<button class="map__tool map__tool--arrow" type="button" {}>'
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
        '<span class="visually-hidden">{}</span></button>'
    ).format(act, _ARROWS[arrow], word)


def _for_map(act: str) -> Markup:
    return Markup('data-map="{}"').format(act)


def _for_pin(act: str) -> Markup:
    return Markup('data-pin="{}"').format(act)
