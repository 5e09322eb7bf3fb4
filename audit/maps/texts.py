"""What a map says, in both languages; `%(name)s` is filled in by the browser.

The browser gets the texts of one language as JSON and sets them as plain text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.facilities.rules import KINDS
from audit.findings.rules import SEVERITIES

Words = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Subject:
    """What a map shows: its words, and its marks in their order, the gravest first.

    The shapes of the marks differ, so that colour only repeats them; `short` stands on the marker
    of one thing. `glyphs` are drawings of our own upon the shapes, 24 × 24, where these do not
    differ. `group` is the mark of several together; without it, that of the gravest of them.
    """

    words: Words
    shapes: Mapping[str, str]
    short: Words
    group: str = ""
    glyphs: Mapping[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> list[str]:
        return [mark for mark in self.shapes if mark != self.group]


SEVERITY_SHAPES = {
    "S1": "M4 4H32V32H4Z",
    "S2": "M18 1 35 18 18 35 1 18Z",
    "S3": "M18 2 35 33H1Z",
    "S4": "M18 2a16 16 0 1 0 0 32a16 16 0 1 0 0-32Z",
}

_SHARED = {
    "name": ("地图", "Map"),
    "about": (
        "用方向键移动地图，用加号和减号缩放。地图下方的按钮也可以操作。",
        "Arrow keys move the map, plus and minus zoom. The buttons do the same.",
    ),
    "no_script": (
        "显示地图需要 JavaScript。不用地图也可以完成这一页上的事。",
        "The map needs JavaScript. Everything on this page can be done without it.",
    ),
    "tools": ("地图操作", "Map controls"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "pan_north": ("向北移动", "Move north"),
    "pan_south": ("向南移动", "Move south"),
    "pan_west": ("向西移动", "Move west"),
    "pan_east": ("向东移动", "Move east"),
    "reset": ("全图", "Whole area"),
    "locate": ("我的位置", "My position"),
    "located": ("已移到你的位置，误差约 %(metres)s 米。", "Moved to you, within %(metres)s m."),
    "not_located": (
        "无法取得你的位置。请检查浏览器的定位权限。",
        "Your position is not available. Check the browser's permission.",
    ),
    "two_fingers": ("用两根手指移动和缩放地图。", "Use two fingers to move and zoom the map."),
    "no_tiles": (
        "底图暂时无法显示，轮廓和标记仍然可用。",
        "The base map cannot be shown now; outlines and markers still work.",
    ),
}

# What a map of marked places says, whatever they are.
_MARKED = {
    **_SHARED,
    "about": (
        "用方向键移动地图，用加号和减号缩放。按 Tab 进入标记，再用方向键在标记之间移动，"
        "按 Esc 回到地图。列表中有同样的内容。",
        "Arrow keys move the map, plus and minus zoom. Tab enters the markers, arrow keys go from "
        "marker to marker, Escape returns to the map. The list has the same content.",
    ),
    "loading": ("正在读取…", "Loading…"),
    "too_many": (
        "标记较多，请放大地图，或使用列表。",
        "There are many markers; zoom in, or use the list.",
    ),
    "cut": (
        "只列出前 %(count)s 个，其余请用列表查看。",
        "Shown first: %(count)s. Use the list for the others.",
    ),
    "close": ("关闭", "Close"),
    "legend": ("图例", "Legend"),
}

_FINDING_WORDS = {
    **_MARKED,
    "name": ("问题地图", "Map of findings"),
    "failed": (
        "暂时无法读取地图上的问题。请稍后再移动地图，或使用列表。",
        "The findings cannot be read now. Move the map again later, or use the list.",
    ),
    "none": ("当前范围内没有问题。", "There are no findings in this view."),
    "summary": (
        "当前范围内有 %(count)s 个问题，最严重：%(worst)s。",
        "Findings in this view: %(count)s. Worst: %(worst)s.",
    ),
    "point": ("%(kind)s：%(title)s，%(status)s", "%(kind)s: %(title)s, %(status)s"),
    "group": (
        "%(count)s 个问题，最严重：%(worst)s",
        "Findings: %(count)s, worst: %(worst)s",
    ),
    "here": ("此处的问题：%(count)s 个", "Findings here: %(count)s"),
    "open": ("打开问题", "Open the finding"),
    "number": (
        "只有数字的标记代表多个问题，数字是问题的数量，形状表示其中最严重的。",
        "A marker with a number stands for that many findings; its shape shows the worst of them.",
    ),
    **{mark: (f"{mark} {text.zh}", f"{mark} {text.en}") for mark, text in SEVERITIES.items()},
}

FINDINGS = Subject(
    _FINDING_WORDS, SEVERITY_SHAPES, {mark: (mark, mark) for mark in SEVERITY_SHAPES}
)

_PLACED = {kind: facts for kind, facts in KINDS.items() if facts.has_place}
_BADGE = "M8 2H28A6 6 0 0 1 34 8V28A6 6 0 0 1 28 34H8A6 6 0 0 1 2 28V8A6 6 0 0 1 8 2Z"
_FACILITY_SHAPES: dict[str, str] = {
    **dict.fromkeys(_PLACED, _BADGE),
    "group": "M10 2H26L34 10V26L26 34H10L2 26V10Z",
}

FACILITIES = Subject(
    {
        **_MARKED,
        "name": ("设施地图", "Map of facilities"),
        "failed": (
            "暂时无法读取地图上的设施。请稍后再移动地图，或使用列表。",
            "The facilities cannot be read now. Move the map again later, or use the list.",
        ),
        "none": ("当前范围内没有设施。", "There are no facilities in this view."),
        "summary": ("当前范围内有 %(count)s 处设施。", "Facilities in this view: %(count)s."),
        "point": ("%(kind)s：%(title)s，%(status)s", "%(kind)s: %(title)s, %(status)s"),
        "group": ("%(count)s 处设施", "Facilities: %(count)s"),
        "here": ("此处的设施：%(count)s 处", "Facilities here: %(count)s"),
        "open": ("打开设施，可以开始检查", "Open the facility, to inspect it"),
        "number": (
            "带数字的八角形代表多处设施，数字是设施的数量。",
            "An octagon with a number stands for that many facilities.",
        ),
        **{kind: (facts.title.zh, facts.title.en) for kind, facts in _PLACED.items()},
    },
    _FACILITY_SHAPES,
    dict.fromkeys(_PLACED, ("", "")),
    group="group",
    glyphs={kind: facts.drawing for kind, facts in _PLACED.items()},
)

PICKING = {
    **_SHARED,
    "name": ("选择位置的地图", "Map to choose a place"),
    "about": (
        "点击地图放置标记，或拖动标记。也可以用方向键移动地图，再把标记放到地图中心，"
        "最后用按钮微调。放大后，灰点是已经登记的设施。",
        "Click the map to set the marker, or drag it. You can also move the map with the arrow "
        "keys, put the marker in its centre and then nudge it with the buttons. Zoomed in, grey "
        "dots are facilities on the register.",
    ),
    "locate": ("使用我的位置", "Use my position"),
    "located": (
        "标记已放到你的位置，误差约 %(metres)s 米，请核对。",
        "The marker is at your position, within %(metres)s m; please check it.",
    ),
    "centre": ("放到地图中心", "Put in the map's centre"),
    "nudge": ("微调位置", "Nudge the marker"),
    "step": ("每次移动", "Step"),
    "metres": ("%(count)s 米", "%(count)s m"),
    "nudge_north": ("标记向北", "Marker north"),
    "nudge_south": ("标记向南", "Marker south"),
    "nudge_west": ("标记向西", "Marker west"),
    "nudge_east": ("标记向东", "Marker east"),
    "picked": (
        "位置：经度 %(lon)s，纬度 %(lat)s。",
        "Place: longitude %(lon)s, latitude %(lat)s.",
    ),
    "unset": ("还没有选择位置。", "No place is chosen yet."),
}


def texts(table: Words, lang: str) -> dict[str, str]:
    """One language of a table: English for `en` and its kin, else Chinese."""
    column = 1 if lang.startswith("en") else 0
    return {key: pair[column] for key, pair in table.items()}
