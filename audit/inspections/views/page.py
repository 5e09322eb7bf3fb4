"""What the template of the long form needs, prepared from checklist, facts and what was typed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from markupsafe import Markup

from audit.checklists.rules import (
    DRAWINGS,
    Checklist,
    Condition,
    Drawing,
    Item,
    NotApplicable,
    PhotoRule,
    Section,
    how_in_steps,
    limit_labels,
    relevance_in_words,
)
from audit.core.clock import now
from audit.core.language import current_language
from audit.facilities.models import Facility
from audit.facilities.queries import why_off_register
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import RECHECKS, Verb
from audit.photos.models import Photo
from audit.photos.queries import photos_by_ids

from ..forms import ONE_OF, InspectionForm
from ..queries import still_applies

NUMBERED = Markup('<span data-number-of="{}">{}</span>. {}')


class _Words(dict[str, str]):
    """By field; "" for what has no limit."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True)
class ItemDrawing:
    """What its template draws, says, and is handed: words by field, "" where there is none."""

    name: str
    words: Drawing
    required: Mapping[str, str]
    missed: Mapping[str, str]


@dataclass(frozen=True)
class SectionPage:
    section: Section
    items: tuple[Item, ...]

    @property
    def id(self) -> str:
        return self.section.id

    @property
    def title(self) -> str:
        return self.section.title.in_(current_language())


@dataclass
class FormPage:
    """`items` are those that this place can be asked; in a re-check only one."""

    facility: Facility
    checklist: Checklist
    items: tuple[Item, ...]
    verifies: Finding | None
    form: InspectionForm
    inspection_id: UUID
    open_findings: Sequence[Finding]

    @cached_property
    def is_ruled_out(self) -> bool:
        """A re-check of an item that is no longer asked here, so that nothing could be filed."""
        return self.verifies is not None and not still_applies(self.verifies)

    @property
    def why_off_register(self) -> object | None:
        """A visit of a place that has left the register cannot be filed; a re-check can."""
        return None if self.verifies is not None else why_off_register(self.facility)

    @property
    def last_recheck(self) -> FindingEvent | None:
        """The one before this, which did not close the finding."""
        events = self.verifies.events if self.verifies is not None else []
        seen = [event for event in events if event.verb in RECHECKS]
        return seen[-1] if seen else None

    @property
    def said_fixed(self) -> FindingEvent | None:
        """What its organisation last said of the fix that is to be re-checked."""
        events = self.verifies.events if self.verifies is not None else []
        said = [event for event in events if event.verb is Verb.REPORT_FIXED]
        return said[-1] if said else None

    @cached_property
    def sections(self) -> list[SectionPage]:
        pages = [
            SectionPage(section, tuple(one for one in self.items if one.section == section.id))
            for section in self.checklist.sections
        ]
        return [page for page in pages if page.items]

    @cached_property
    def progress(self) -> list[dict[str, object]]:
        return [
            {
                "id": page.id,
                "title": page.title,
                "done": sum(one.id in self.form.answers or self._typed(one) for one in page.items),
                "total": len(page.items),
            }
            for page in self.sections
        ]

    @cached_property
    def photos(self) -> dict[str, list[Photo]]:
        """Photos sent before, by item."""
        ids = [one for kept in self.form.kept.values() for one in kept]
        rows = {row.id: row for row in photos_by_ids(ids)}
        return {
            item: [rows[one] for one in kept if one in rows]
            for item, kept in self.form.kept.items()
        }

    @cached_property
    def found_before(self) -> dict[str, Finding]:
        """Open findings of this place by item, said beside the item."""
        return {one.rule_id: one for one in self.open_findings}

    @property
    def started_at(self) -> str:
        return self.form.value("started_at") or now().isoformat()

    @property
    def facts_json(self) -> str:
        facts = self.facility.judged_facts()
        return json.dumps({**facts.values, "works": facts.works}, ensure_ascii=False)

    def relevance_json(self, item: Item) -> str:
        """The item's conditions for the browser; empty in a re-check, where nothing is hidden."""
        if not item.relevant or self.verifies is not None:
            return ""
        return json.dumps([_plain(one) for one in item.relevant], ensure_ascii=False)

    def relevance_words(self, item: Item) -> str:
        if self.verifies is not None:
            return ""
        return relevance_in_words(item, self.checklist, current_language())

    def how(self, item: Item) -> list[str]:
        return how_in_steps(item, current_language())

    def drawing(self, item: Item) -> ItemDrawing:
        """Of an item that has one; the limits in it are those that hold at this place."""
        required, missed = limit_labels(item, self.facility.judged_facts())
        language = current_language()
        return ItemDrawing(
            item.drawing,
            DRAWINGS[item.drawing],
            _Words({field: text.in_(language) for field, text in required.items()}),
            _Words({field: text.in_(language) for field, text in missed.items()}),
        )

    def error_list(self) -> list[tuple[str, str]]:
        """(anchor, sentence) for the summary, in the order of the page."""
        order = [item.id for item in self.items]
        named = sorted(self.form.problems.items(), key=lambda pair: _place(pair[0], order))
        return [(name, self._numbered(name, text)) for name, text in named]

    def number(self, item: Item) -> int | str:
        """Its place on the page; relevance.js counts anew when it hides an item. A re-check has
        one item, and no numbers."""
        return "" if self.verifies is not None else self.items.index(item) + 1

    def has_one_control(self, item: Item) -> bool:
        """Yes/no and choices carry 不适用 and 未检 among their radios."""
        return item.type in ONE_OF

    def may_be_na(self, item: Item) -> bool:
        """A re-check must judge: what is no longer there is for the coordinator to close."""
        return item.na is not NotApplicable.NO and self.verifies is None

    def wants_photo(self, item: Item) -> bool:
        return item.photo is not PhotoRule.NEVER or self.verifies is not None

    def _typed(self, item: Item) -> bool:
        names = [item.id, *(f"{item.id}.{one.id}" for one in item.fields)]
        return any(self.form.value(name).strip() for name in names)

    def _numbered(self, name: str, text: str) -> str:
        for item in self.items:
            if _belongs(name, item.id) and (number := self.number(item)):
                return NUMBERED.format(item.id, number, text)
        return text


def _belongs(name: str, item_id: str) -> bool:
    return name == item_id or name.startswith(f"{item_id}.") or name.endswith(f".{item_id}")


def _place(name: str, order: list[str]) -> int:
    for place, item_id in enumerate(order):
        if _belongs(name, item_id):
            return place
    return len(order)


def _plain(condition: Condition) -> dict[str, object]:
    """A condition in the shape of checklists/README.md, as JSON."""
    if condition.any:
        return {"any": [_plain(one) for one in condition.any]}
    plain: dict[str, object] = {}
    for name in ("item", "field", "fact"):
        if getattr(condition, name):
            plain[name] = getattr(condition, name)
    if condition.values:
        plain["is"] = list(condition.values)
    for name in ("above", "at_least", "below", "at_most"):
        bound = getattr(condition, name)
        if bound is not None:
            plain[name] = float(bound)
    return plain
