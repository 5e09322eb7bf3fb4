"""A facility as a person types it."""

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.accounts.queries import organisations
from audit.checklists.rules import FACTS
from audit.checklists.rules.facts import FactValue
from audit.core.clock import today
from audit.core.errors import NotFound
from audit.core.language import current_language
from audit.districts.queries import Borders, Stray, responsible_districts, towns
from audit.geo.geojson import read_geojson
from audit.geo.points import Point
from audit.web.fields import one_line, plain_digits
from audit.web.filters import page_number

from ..models import Facility
from ..queries import FacilityFilter
from ..rules import (
    KINDS,
    FacilityDraft,
    FacilityKind,
    Review,
    Seen,
    UrlRule,
    narrowing_facts,
    read_span,
)
from .facts import WrongFact, fact_text, is_several, read_fact
from .far import far_key, told_far_m, turn_to_other_district

URL = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)
FIRST_YEAR = 1900


@dataclass
class FacilityForm:
    """`typed` is what the person wrote; `problems` says, by control name, what to change."""

    kind: FacilityKind
    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    warning: str = ""
    draft: FacilityDraft | None = None
    stray: Stray | None = None

    def value(self, name: str) -> str:
        return self.typed.get(name, "")


@dataclass(frozen=True)
class Choices:
    """What a form may choose from, read once for as many forms as are to be read."""

    districts: frozenset[str]
    towns: Mapping[str, str | None]  # town → its county
    organisations: Mapping[str, UUID]
    borders: Borders


def present_choices() -> Choices:
    return Choices(
        districts=frozenset(one.code for one in responsible_districts()),
        towns={one.code: one.parent_code for one in towns()},
        organisations={str(one.id): one.id for one in organisations()},
        borders=Borders(),
    )


def blank_form(kind: FacilityKind) -> FacilityForm:
    return FacilityForm(kind, {})


def form_of(facility: Facility) -> FacilityForm:
    """The form filled with what is on the register."""
    typed = {
        "name": facility.name,
        "address": facility.address,
        "district": facility.district_code,
        "town": facility.town_code or "",
        "lon": "" if facility.lon is None else f"{facility.lon:.6f}",
        "lat": "" if facility.lat is None else f"{facility.lat:.6f}",
        "shape": facility.shape or "",
        "url": facility.url or "",
        "organisation": str(facility.organisation_id or ""),
        "built_on": facility.built,
        "altered_on": facility.altered,
    }
    for name, value in facility.facts.items():
        typed[f"fact.{name}"] = fact_text(value)
    typed["far_known"] = far_key(typed["district"], facility.lon, facility.lat)
    return FacilityForm(FacilityKind(facility.kind), typed)


def parse_facility(
    kind: FacilityKind, sent: Mapping[str, str], choices: Choices | None = None
) -> FacilityForm:
    """`draft` is set when there are no problems."""
    form = FacilityForm(kind, {name: one_line(_text_of(sent, name)) for name in sent})
    read = _Reader(form, choices or present_choices())
    turn_to_other_district(form, read.choices.districts)
    place = read.place() if KINDS[kind].has_place else (None, None, None)
    form.stray = read.stray(place[0], place[1])
    built, altered = read.span("built_on"), read.span("altered_on")
    draft = FacilityDraft(
        kind=kind,
        name=read.text("name", 120, required=True),
        address=read.text("address", 200),
        district_code=read.choice("district", read.choices.districts),
        town_code=read.town(),
        lon=place[0],
        lat=place[1],
        shape=place[2],
        url=read.url(KINDS[kind].url),
        organisation_id=read.organisation(),
        built_on=built[0],
        built_by=built[1],
        altered_on=altered[0],
        altered_by=altered[1],
        facts=read.facts(),
        far_m=told_far_m(form),
    )
    altered_last = draft.altered_by or draft.altered_on
    if draft.built_on and altered_last and altered_last < draft.built_on:
        form.problems["altered_on"] = _("改造日期早于建成日期。请核对两个日期。")
    form.draft = None if form.problems else draft
    return form


def _text_of(sent: Mapping[str, str], name: str) -> str:
    """Boxes ticked under one name are one text, divided by commas."""
    if isinstance(sent, MultiDict) and is_several(name):
        return ",".join(sent.getlist(name))
    return sent.get(name, "")


def parse_filter(args: MultiDict[str, str]) -> FacilityFilter:
    """The filter in an address; list and map read the same names: `q`, `kind`, `district`,
    `review`, `seen`, `fact.…`, `page`. Raises `NotFound` for values that do not exist; a fact that
    is not asked of the kind narrows nothing."""
    try:
        kind = FacilityKind(args["kind"]) if args.get("kind") else None
        return FacilityFilter(
            text=one_line(args.get("q", "")[:100]),
            kind=kind,
            district=args.get("district", "")[:12],
            review=Review(args["review"]) if args.get("review") else None,
            seen=Seen(args["seen"]) if args.get("seen") else None,
            facts={
                name: _known_value(name, text)
                for name in narrowing_facts(kind)
                if (text := args.get(f"fact.{name}", ""))
            },
            page=page_number(args),
        )
    except ValueError as error:
        raise NotFound from error


def _known_value(name: str, text: str) -> str:
    if text not in {fact_text(value) for value in FACTS[name].values}:
        raise ValueError(text)
    return text


class _Reader:
    def __init__(self, form: FacilityForm, choices: Choices) -> None:
        self.form, self.choices = form, choices

    def text(self, name: str, longest: int, required: bool = False) -> str:
        text = self.form.value(name)
        if required and not text:
            self.form.problems[name] = _("这一项必须填写。")
        if len(text) > longest:
            self.form.problems[name] = _("太长了，最多 %(most)s 个字。", most=longest)
        return text

    def choice(self, name: str, allowed: Container[str], required: bool = True) -> str:
        chosen = self.form.value(name)
        if chosen not in allowed and (chosen or required):
            self.form.problems[name] = _("请从列表中选一项。")
        return chosen

    def town(self) -> str | None:
        """Within the county, where one is chosen; a drawn zone may reach over several."""
        known = self.choices.towns
        chosen = self.choice("town", known, required=False)
        district = self.form.value("district")
        if chosen in known and district in known.values() and known[chosen] != district:
            self.form.problems["town"] = _("这个乡镇不在所选的区县内。")
        return chosen or None

    def url(self, rule: UrlRule) -> str | None:
        text = self.form.value("url")
        if rule is UrlRule.NONE or (rule is UrlRule.OPTIONAL and not text):
            return None
        if not URL.fullmatch(text) or len(text) > 500:
            self.form.problems["url"] = _("请填完整网址，以 http:// 或 https:// 开头。")
        return text

    def organisation(self) -> UUID | None:
        known = self.choices.organisations
        return known.get(self.choice("organisation", known, required=False))

    def span(self, name: str) -> tuple[date | None, date | None]:
        """The first and the last day it may have been; a day that is known is the first alone."""
        text = plain_digits(self.form.value(name))
        if not text:
            return None, None
        found = read_span(text)
        if found is None:
            self.form.problems[name] = _(
                "请按 2023-05-01 的样子填日期，只知道年月时填 2023-05，只知道年份时填 2023。"
            )
            return None, None
        if found[0].year < FIRST_YEAR or found[0] > today():
            self.form.problems[name] = _("日期应在 1900 年以后、今天以前。")
        return found

    def facts(self) -> dict[str, FactValue]:
        facts: dict[str, FactValue] = {}
        for name in KINDS[self.form.kind].facts:
            text = self.form.value(f"fact.{name}")
            if text:
                try:
                    facts[name] = read_fact(name, text)
                except WrongFact as wrong:
                    self.form.problems[f"fact.{name}"] = str(wrong)
            elif name in KINDS[self.form.kind].required:
                self.form.problems[f"fact.{name}"] = _("这一项必须填写。")
        return facts

    def place(self) -> tuple[float | None, float | None, str | None]:
        lon, lat = self._degrees("lon"), self._degrees("lat")
        if lon is None or lat is None:
            return None, None, None
        try:
            Point(lon, lat)
        except ValueError:
            self.form.problems["lon"] = _("经纬度超出范围。资阳一带经度约 105，纬度约 30。")
        return lon, lat, self._shape()

    def stray(self, lon: float | None, lat: float | None) -> Stray | None:
        district = self.form.value("district")
        if lon is None or lat is None or "lon" in self.form.problems:
            return None
        return self.choices.borders.find_stray(district, Point(lon, lat))

    def _degrees(self, name: str) -> float | None:
        text = plain_digits(self.form.value(name))
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", text, re.ASCII):
            self.form.problems[name] = _("请在地图上选点，或填十进制度数，如 104.627600。")
            return None
        return float(text)

    def _shape(self) -> str | None:
        text = self.form.value("shape")
        if not text:
            return None
        reading = read_geojson(text.encode())
        if reading.problems or not reading.features:
            first = reading.problems[0] if reading.problems else None
            english = current_language() == "en"
            self.form.problems["shape"] = (
                (first.en if english else first.zh) if first else _("这里没有可用的图形。")
            )
            return None
        return _geometry(text)


def _geometry(text: str) -> str:
    """The geometry alone, without the properties that somebody may have put beside it."""
    found = json.loads(text)
    if found.get("type") == "FeatureCollection":
        found = found["features"][0]
    return json.dumps(found.get("geometry", found))
