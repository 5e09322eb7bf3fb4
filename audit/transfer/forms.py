"""Rows of a file through the very form that a person would fill in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.accounts.queries import organisations
from audit.checklists.rules import FACTS
from audit.core.actors import Actor, May
from audit.districts.queries import outlined_areas, responsible_districts, towns
from audit.districts.rules import Level
from audit.facilities.forms import FacilityForm, parse_facility, present_choices
from audit.facilities.forms.facts import is_several
from audit.facilities.rules import KINDS, FacilityKind
from audit.geo.datums import Datum
from audit.geo.outlines import Outlines
from audit.geo.points import Box, Point
from audit.geo.shapes import Area, box_of

from .models import ImportRow
from .queries import known_facilities, present_register
from .rules.columns import FIELDS, Plan
from .rules.places import (
    FEWEST_PAIRS,
    inside_of,
    likelier_datums,
    likely_datum,
    moved_shape,
    number,
    placed,
    seem_swapped,
)
from .rules.states import OVERFLOWS, RowState
from .rules.trial import Tried
from .rules.twins import Known

MARGIN_DEG = 0.3
MOST_TRIED = 2000  # rows, spread over the file, that are laid over the outlines
DIVIDERS = re.compile("[,，、;；]")  # between several values in one cell
NO_KIND = "kind"
Words = Mapping[str, str]


@dataclass(frozen=True)
class Trial:
    rows: list[Tried]
    offers: dict[str, Any]


def parse_plan(sent: MultiDict[str, str], columns: Sequence[str]) -> Plan:
    """Values that no page offers count as not chosen."""
    chosen = {}
    for name in FIELDS:
        text = sent.get(f"column.{name}", "")
        if text.isascii() and text.isdigit() and int(text) < len(columns):
            chosen[name] = int(text)
    codes = {one.code for one in responsible_districts()}
    datum = sent.get("datum", "")
    return Plan(
        columns=chosen,
        kind=kind if (kind := sent.get("kind", "")) in set(FacilityKind) else "",
        district=code if (code := sent.get("district", "")) in codes else "",
        datum=Datum(datum) if datum in {one.value for one in Datum} else Datum.WGS84,
        swap=sent.get("swap") == "yes",
    )


class RowReader:
    """Reads rows under one plan for one person; what it may choose from is asked for once."""

    def __init__(self, plan: Plan, actor: Actor) -> None:
        self.plan, self.actor = plan, actor
        self.choices = present_choices()
        self.words = _words()
        self.towns = [(one.name, one.code, one.parent_code) for one in towns()]
        areas = _county_areas()
        self.city = _box(list(areas.values()))
        self._outlines, self._outlined = Outlines(areas), frozenset(areas)

    def pair(self, cells: Sequence[str]) -> tuple[float, float] | None:
        lon, lat = number(self._cell(cells, "lon")), number(self._cell(cells, "lat"))
        return None if lon is None or lat is None else (lon, lat)

    def kind_of(self, cells: Sequence[str]) -> str:
        kind = self._kind(cells)
        return kind.value if kind else ""

    def name_of(self, cells: Sequence[str]) -> str:
        return self._cell(cells, "name")

    def read(self, cells: Sequence[str]) -> FacilityForm:
        """`draft` is set when the row can be added; else `problems` says, by field, why not."""
        kind = self._kind(cells)
        if kind is None:
            text = self._cell(cells, "kind")
            return FacilityForm(FacilityKind.TOILET, {}, {NO_KIND: _unknown(text)})
        typed = {name: self._cell(cells, name) for name in self.plan.columns}
        unknown = self._translate(typed)
        self._place(typed, cells)
        form = parse_facility(kind, typed, self.choices)
        form.problems |= unknown
        if "district" in form.problems and not typed["district"] and "district" not in unknown:
            form.problems["district"] = _("没有写区县，也不能由位置推出。")
        if form.draft and not self.actor.may(May.EDIT_FACILITY, form.draft.district_code):
            form.problems["district"] = _("您不负责这个区县。")
        if form.problems:
            form.draft = None
        return form

    def is_home(self, cells: Sequence[str], datum: Datum) -> bool:
        """Under this datum the row lies in the district that it names, or in one if it names none
        with an outline."""
        pair = self.pair(cells)
        point = placed(*pair, datum, self.plan.swap) if pair else None
        here = self._outlines.find_at(point) if point else None
        said = self.words["district"].get(self._cell(cells, "district").strip().lower(), "")
        named = said or self.plan.district
        return here == named if named in self._outlined else here is not None

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self.plan.columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    def _kind(self, cells: Sequence[str]) -> FacilityKind | None:
        text = self._cell(cells, "kind")
        code = self.words["kind"].get(text.lower()) if text else self.plan.kind
        return FacilityKind(code) if code else None

    def _translate(self, typed: dict[str, str]) -> dict[str, str]:
        """Words into what the form knows; gives the problems by field."""
        unknown = {}
        for name, words in self.words.items():
            text = typed.get(name, "")
            if not text or name == "kind":
                continue
            codes = [words.get(part.strip().lower()) for part in _parts(name, text)]
            if None in codes:
                unknown[name] = _unknown(text)
            typed[name] = "" if None in codes else ",".join(filter(None, codes))
        return unknown

    def _place(self, typed: dict[str, str], cells: Sequence[str]) -> None:
        pair = self.pair(cells)
        point = placed(*pair, self.plan.datum, self.plan.swap) if pair else None
        if point is not None:
            typed["lon"], typed["lat"] = f"{point.lon:.7f}", f"{point.lat:.7f}"
        if typed.get("shape"):
            typed["shape"] = moved_shape(typed["shape"], self.plan.datum, self.plan.swap)
        if not typed.get("district"):
            here = self._outlines.find_at(point) if point else None
            typed["district"] = self.plan.district or here or ""
        self._town(typed)

    def _town(self, typed: dict[str, str]) -> None:
        """A name may be that of towns in two counties; one that fits nowhere is reported."""
        text = typed.get("town", "")
        county = typed.get("district")
        named = [(code, parent) for name, code, parent in self.towns if text in (name, code)]
        within = [code for code, parent in named if parent == county] or [code for code, _ in named]
        typed["town"] = within[0] if within else text


def try_rows(rows: Sequence[ImportRow], plan: Plan, actor: Actor) -> Trial:
    """Every row through the form, then against the register and the rows before it."""
    reader = RowReader(plan, actor)
    known = known_facilities()
    register = present_register(known)
    tried = []
    for row in rows:
        form = reader.read(row.cells)
        if form.draft is None or row.error == OVERFLOWS:
            tried.append(Tried(row.line, RowState.BAD))
            continue
        draft = form.draft
        point = None if draft.lon is None or draft.lat is None else Point(draft.lon, draft.lat)
        one = Known(row.line, draft.kind.value, draft.name, point, draft.url or "")
        twin = register.find_twin(one)
        if twin is None:
            register.add(one)
            state = RowState.GOOD if draft.far_m is None else RowState.FAR
            tried.append(Tried(row.line, state, draft))
        elif isinstance(twin.who, int):
            tried.append(Tried(row.line, RowState.TWIN, draft, twin_line=twin.who))
        else:
            tried.append(Tried(row.line, RowState.TWIN, draft, twin_id=twin.who))  # type: ignore[arg-type]
    return Trial(tried, _offers(rows, reader, known))


def _offers(rows: Sequence[ImportRow], reader: RowReader, known: Iterable[Known]) -> dict[str, Any]:
    pairs = [(row, pair) for row in rows if (pair := reader.pair(row.cells))]
    if not pairs:
        return {}
    plan = reader.plan
    as_read = [(lat, lon) if plan.swap else (lon, lat) for _row, (lon, lat) in pairs]
    if seem_swapped(as_read, reader.city):
        turned = [(lat, lon) for lon, lat in as_read]
        inside = [inside_of(reader.city, some) for some in (as_read, turned)]
        return {"swap": not plan.swap, "inside": inside, "of": len(pairs)}
    places = {(one.kind, one.name): one.point for one in known if one.point}
    same = [
        (pair, place)
        for row, pair in pairs
        if (place := places.get((reader.kind_of(row.cells), reader.name_of(row.cells))))
    ]
    if len(same) < FEWEST_PAIRS:
        return _offers_by_outline([row.cells for row, _pair in pairs], reader)
    datum = likely_datum([one[0] for one in same], [one[1] for one in same], plan.datum, plan.swap)
    return {"datum": datum.value} if datum else {}


def _offers_by_outline(rows: Sequence[Sequence[str]], reader: RowReader) -> dict[str, Any]:
    """How many rows lie in the district that they name, else in the city, under each datum."""
    some = rows[:: len(rows) // MOST_TRIED + 1]
    inside = {datum: sum(reader.is_home(cells, datum) for cells in some) for datum in Datum}
    likelier = likelier_datums(inside, len(some), reader.plan.datum)
    counts = {datum.value: count for datum, count in inside.items()}
    return (
        {"datums": [one.value for one in likelier], "inside": counts, "of": len(some)}
        if likelier
        else {}
    )


def _words() -> dict[str, Words]:
    """What people write, in lower case, and the form's own value, by field."""
    kinds = {
        text.lower(): kind.value
        for kind, one in KINDS.items()
        for text in (one.title.zh, one.title.en, kind.value)
    }
    districts = {
        text.lower(): one.code
        for one in responsible_districts()
        for text in (one.code, one.name, one.title)
    }
    owners = {one.name.lower(): str(one.id) for one in organisations()}
    owners |= {value: value for value in owners.values()}
    facts = {
        f"fact.{name}": _fact_words(fact.values) for name, fact in FACTS.items() if fact.values
    }
    return {"kind": kinds, "district": districts, "organisation": owners} | facts


def _parts(name: str, text: str) -> list[str]:
    return DIVIDERS.split(text) if is_several(name) else [text]


def _fact_words(values: Mapping[Any, Any]) -> Words:
    words: dict[str, str] = {}
    for value, label in values.items():
        code = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        words |= {text.lower(): code for text in (code, label.zh, label.en)}
    return words


def _county_areas() -> dict[str, Area]:
    return {one.code: area for one, area in outlined_areas() if one.level == Level.COUNTY}


def _box(areas: Sequence[Area]) -> Box:
    if not areas:
        return Box(73, 18, 136, 54)  # the mainland
    boxes = [box_of(area) for area in areas]
    return Box(
        min(box.west for box in boxes) - MARGIN_DEG,
        min(box.south for box in boxes) - MARGIN_DEG,
        max(box.east for box in boxes) + MARGIN_DEG,
        max(box.north for box in boxes) + MARGIN_DEG,
    )


def _unknown(text: str) -> str:
    if not text:
        return str(_("这一项必须填写。"))
    return str(_("“%(text)s”不在名单里。", text=text[:40]))
