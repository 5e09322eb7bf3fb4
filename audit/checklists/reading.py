"""One checklist's TOML turned into frozen objects. The table must be free of lint errors."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from audit.core.text import Text
from audit.standards.rules import Confidence, parse_citation

from .rules.grammar import (
    Checklist,
    Condition,
    Defect,
    Fault,
    Field,
    Force,
    Group,
    Item,
    ItemType,
    Limit,
    NotApplicable,
    Op,
    Option,
    PhotoRule,
    Section,
    Severity,
    Unit,
)

Table = Mapping[str, Any]
ERA = "before-"
NO_CONTENT = {"example", "why", "drawing"}  # tests and help: neither asks nor judges


def read_checklist(table: Table) -> Checklist:
    """From parsed TOML, its fractions as Decimal."""
    return Checklist(
        id=table["id"],
        edition=table["edition"],
        kinds=tuple(table["kinds"]),
        prefix=table["prefix"],
        title=Text(**table["title"]),
        sections=tuple(Section(row["id"], Text(**row["title"])) for row in table["section"]),
        items=tuple(_item(row) for row in table["item"]),
        content_hash=content_hash(table),
    )


def content_hash(table: Table) -> str:
    """SHA-256 over the content, whatever its layout, without tests and help."""
    items = [
        {key: value for key, value in item.items() if key not in NO_CONTENT}
        for item in table.get("item", [])
    ]
    canonical = json.dumps(
        {**table, "item": items},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=_canonical,
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not part of a checklist: {value!r}")


def _item(row: Table) -> Item:
    force = Force(row["force"])
    usual = NotApplicable.REASON if force is Force.MANDATORY else NotApplicable.YES
    return Item(
        id=row["id"],
        section=row["section"],
        ask=Text(**row["ask"]),
        how=Text(**row["how"]),
        type=ItemType(row["type"]),
        fields=_fields(row),
        groups=tuple(Group(one) for one in row["groups"]),
        severity=Severity(row["severity"]),
        photo=PhotoRule(row["photo"]),
        defect=Defect(row["defect"]),
        fault=Fault(row["fault"]),
        force=force,
        conf=Confidence(row.get("conf", Confidence.SEEN)),
        cite=tuple(parse_citation(one) for one in row.get("cite", [])),
        na=NotApplicable(row.get("na", usual)),
        relevant=_conditions(row.get("relevant", [])),
        limits=tuple(_limit(limit, row) for limit in row.get("limit", [])),
        problem=Text(**row["problem"]) if "problem" in row else None,
        why=Text(**row["why"]) if "why" in row else None,
        drawing=row.get("drawing", ""),
        experience=row.get("experience", False),
    )


def _fields(row: Table) -> tuple[Field, ...]:
    if row["type"] == ItemType.GROUP:
        return tuple(_field(one["id"], one, Text(**one["label"])) for one in row["fields"])
    return (_field("", row, Text(**row["ask"])),)


def _field(field_id: str, row: Table, label: Text) -> Field:
    return Field(
        id=field_id,
        type=ItemType(row["type"]),
        label=label,
        unit=Unit(row["unit"]) if "unit" in row else None,
        options=tuple(
            Option(one["id"], Text(one["zh"], one["en"])) for one in row.get("options", [])
        ),
    )


def _limit(row: Table, item: Table) -> Limit:
    cite = row.get("cite", item.get("cite", []))
    return Limit(
        op=Op(row["op"]),
        fault=Fault(row.get("fault", item["fault"])),
        force=Force(row.get("force", item["force"])),
        conf=Confidence(row.get("conf", item.get("conf", Confidence.SEEN))),
        cite=tuple(parse_citation(one) for one in cite),
        field=row.get("field", ""),
        value=_number(row, "value"),
        low=_number(row, "low"),
        high=_number(row, "high"),
        values=tuple(row.get("values", ())),
        percent=_number(row, "percent"),
        of=row.get("of", ""),
        at_least=row.get("at_least", 0),
        table=tuple((up_to, needed) for up_to, needed in row.get("table", ())),
        every=row.get("every"),
        when=_conditions(row.get("when", [])),
        unless=_conditions(row.get("unless", [])),
        before=date.fromisoformat(row["era"].removeprefix(ERA)) if "era" in row else None,
        advice=row.get("advice", False),
    )


def _conditions(rows: list[Table]) -> tuple[Condition, ...]:
    return tuple(_condition(row) for row in rows)


def _condition(row: Table) -> Condition:
    return Condition(
        item=row.get("item", ""),
        field=row.get("field", ""),
        fact=row.get("fact", ""),
        values=tuple(row.get("is", ())),
        above=_number(row, "above"),
        at_least=_number(row, "at_least"),
        below=_number(row, "below"),
        at_most=_number(row, "at_most"),
        any=_conditions(row.get("any", [])),
    )


def _number(row: Table, key: str) -> Decimal | None:
    return Decimal(row[key]) if key in row else None
