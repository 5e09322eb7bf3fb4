"""What a checklist is made of, frozen. The grammar is explained in checklists/README.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from audit.core.text import Text
from audit.standards.rules import Citation, Confidence, basis_of


class ItemType(StrEnum):
    YESNO = "yesno"
    NUMBER = "number"
    COUNT = "count"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    GROUP = "group"


class Unit(StrEnum):
    MM = "mm"
    PERCENT = "%"
    NEWTON = "N"
    SECOND = "s"
    SQUARE_METRE = "m2"
    SCREEN_POINT = "dp"
    RATIO = "ratio"

    @property
    def sign(self) -> str:
        """As it stands behind a number; "" of a plain ratio."""
        return {Unit.SQUARE_METRE: "m²", Unit.SCREEN_POINT: "dp/pt", Unit.RATIO: ""}.get(
            self, self.value
        )

    @property
    def step(self) -> Decimal:
        """The smallest difference that an example at a limit must show."""
        whole = {Unit.MM, Unit.NEWTON, Unit.SCREEN_POINT}
        return Decimal(1) if self in whole else Decimal("0.1")


class Group(StrEnum):
    """Who is hit."""

    MOBILITY = "mobility"
    VISION = "vision"
    HEARING = "hearing"
    ELDERLY = "elderly"


class Severity(StrEnum):
    """S1 danger of injury, S2 stops someone, S3 hard to use, S4 improvement."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class PhotoRule(StrEnum):
    ALWAYS = "always"
    ON_FAIL = "on_fail"
    NEVER = "never"


class Defect(StrEnum):
    """GB 50642-2011, 4.1.6."""

    SYSTEMIC = "systemic"
    FUNCTIONAL = "functional"
    GENERAL = "general"


DEFECTS: Mapping[Defect, Text] = {
    Defect.SYSTEMIC: Text("系统性缺陷", "Systemic defect"),
    Defect.FUNCTIONAL: Text("功能性缺陷", "Functional defect"),
    Defect.GENERAL: Text("一般性缺陷", "General defect"),
}


class Fault(StrEnum):
    WORKS = "works"
    UPKEEP = "upkeep"
    SERVICE = "service"


class Force(StrEnum):
    MANDATORY = "M1"
    STANDARD = "M2"
    ADVISORY = "A"
    LAW = "L"
    PLAN = "P"
    REFERENCE = "R"
    INFO = "info"


class NotApplicable(StrEnum):
    """May the item be answered 不适用?"""

    YES = "yes"
    REASON = "reason"
    NO = "no"


class Op(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"
    EQUAL = "="
    BETWEEN = "between"
    IS = "is"
    HAS_ALL = "has_all"
    HAS_ANY = "has_any"
    HAS_NONE = "has_none"
    SHARE = "share"
    STEPS = "steps"

    @property
    def is_numeric(self) -> bool:
        return self not in {Op.IS, Op.HAS_ALL, Op.HAS_ANY, Op.HAS_NONE}


@dataclass(frozen=True)
class Option:
    id: str
    label: Text


@dataclass(frozen=True)
class Field:
    """One question of a group; any other item has exactly one, with id ""."""

    id: str
    type: ItemType
    label: Text
    unit: Unit | None = None
    options: tuple[Option, ...] = ()

    def label_of(self, option_id: str) -> Text:
        return next(option.label for option in self.options if option.id == option_id)


@dataclass(frozen=True)
class Condition:
    """On an answer (`item`, perhaps `field`), on a `fact`, or `any` of several."""

    item: str = ""
    field: str = ""
    fact: str = ""
    values: tuple[bool | str, ...] = ()
    above: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None
    any: tuple["Condition", ...] = ()

    def leaves(self) -> Iterator["Condition"]:
        """Itself, or where it is an `any`, the conditions inside."""
        if not self.any:
            yield self
        for inner in self.any:
            yield from inner.leaves()


@dataclass(frozen=True)
class Limit:
    """What passes. `fault`, `force`, `conf`, `cite` are its own, else the item's.

    `cite` is empty only on advice that is our own.
    """

    op: Op
    fault: Fault
    force: Force
    conf: Confidence
    cite: tuple[Citation, ...]
    field: str = ""
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[bool | str, ...] = ()
    percent: Decimal | None = None
    of: str = ""
    at_least: int = 0
    table: tuple[tuple[int, int], ...] = ()
    every: int | None = None
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    before: date | None = None
    advice: bool = False

    @property
    def basis(self) -> tuple[Text, ...]:
        return basis_of(self.cite, self.conf)

    @property
    def is_of_its_time(self) -> bool:
        """An `era` limit: it informs and never decides."""
        return self.before is not None

    @property
    def is_advice(self) -> bool:
        return self.advice or self.force in {Force.ADVISORY, Force.PLAN, Force.REFERENCE}


@dataclass(frozen=True)
class Item:
    """One question with its limits. `fields` is never empty; see Field.

    `problem` is what a finding is called when the item fails; an item that is never judged has
    none. `why` says what a failure does to whom; `drawing` names one of right and wrong, or "".
    """

    id: str
    section: str
    ask: Text
    how: Text
    type: ItemType
    fields: tuple[Field, ...]
    groups: tuple[Group, ...]
    severity: Severity
    photo: PhotoRule
    defect: Defect
    fault: Fault
    force: Force
    conf: Confidence
    cite: tuple[Citation, ...]
    na: NotApplicable
    relevant: tuple[Condition, ...] = ()
    limits: tuple[Limit, ...] = ()
    problem: Text | None = None
    why: Text | None = None
    drawing: str = ""
    experience: bool = False

    @property
    def basis(self) -> tuple[Text, ...]:
        return basis_of(self.cite, self.conf)

    @property
    def unit(self) -> Unit | None:
        return self.fields[0].unit if self.type is not ItemType.GROUP else None

    @property
    def options(self) -> tuple[Option, ...]:
        return self.fields[0].options if self.type is not ItemType.GROUP else ()

    def field(self, field_id: str) -> Field:
        """The field; "" is the only field of an item that is no group. Raises KeyError."""
        for field in self.fields:
            if field.id == field_id:
                return field
        raise KeyError(f"{self.id}.{field_id}")


@dataclass(frozen=True)
class Section:
    id: str
    title: Text


@dataclass(frozen=True)
class Checklist:
    """One edition. `content_hash` is a SHA-256 in hex over all that is asked and judged."""

    id: str
    edition: str
    kinds: tuple[str, ...]
    prefix: str
    title: Text
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    content_hash: str

    @cached_property
    def by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    def item(self, item_id: str) -> Item:
        """Raises KeyError where the list has no such item."""
        return self.by_id[item_id]

    def items_of(self, section_id: str) -> tuple[Item, ...]:
        """In the list's order."""
        return tuple(item for item in self.items if item.section == section_id)
