"""Whether ids, references and limits of a well-formed file make sense together."""

from collections.abc import Iterable, Mapping
from typing import Any

from audit.standards.rules import Citation, UnknownInstrument, parse_citation

from ..rules.facts import FACTS
from ..rules.grammar import Force, ItemType, Op, Unit
from ..rules.judging import BINDING_KINDS
from .places import Block
from .report import Report

Row = Mapping[str, Any]
NUMBERS = {ItemType.NUMBER, ItemType.COUNT}
CHOICES = {ItemType.CHOICE, ItemType.CHOICES}
COMPARISONS = ("above", "at_least", "below", "at_most")
ANSWERED_BY: Mapping[Op, set[ItemType]] = {
    **{op: NUMBERS if op.is_numeric else {ItemType.CHOICES} for op in Op},
    Op.IS: {ItemType.YESNO, ItemType.CHOICE},
    Op.SHARE: {ItemType.COUNT},
    Op.STEPS: {ItemType.COUNT},
}
NEEDS: Mapping[Op, tuple[str, ...]] = {
    **dict.fromkeys((Op.AT_LEAST, Op.AT_MOST, Op.ABOVE, Op.BELOW, Op.EQUAL), ("value",)),
    Op.BETWEEN: ("low", "high"),
    **dict.fromkeys((Op.IS, Op.HAS_ALL, Op.HAS_ANY, Op.HAS_NONE), ("values",)),
    Op.SHARE: ("percent", "of"),
    Op.STEPS: ("of", "table"),
}
MAY_HAVE: Mapping[Op, tuple[str, ...]] = {Op.SHARE: ("at_least",), Op.STEPS: ("every",)}
UNCITED = {Force.INFO, Force.REFERENCE}  # branching; what a programme asks without a clause
OPERANDS = ("value", "low", "high", "values", "percent", "of", "at_least", "table", "every")


def check_meaning(table: Row, root: Block, report: Report) -> None:
    """The file must have passed `check_shape`."""
    sections = _unique(table["section"], root.inside("section"), report)
    items = _unique(table["item"], root.inside("item"), report)
    earlier: dict[str, Row] = {}
    for row, block in zip(table["item"], root.inside("item"), strict=True):
        if not row["id"].startswith(f"{table['prefix']}-"):
            report.at(block, "id", f"id must begin with {table['prefix']}-")
        if row["section"] not in sections:
            report.at(block, "section", f"unknown section {row['section']}")
        _check_type(row, block, report)
        _check_problem(row, block, report)
        _check_sources(row, row, block, report)
        _check_conditions(row, "relevant", block, earlier, items, report)
        earlier[row["id"]] = row
        if row["force"] == Force.INFO and row.get("limit"):
            report.at(block, "force", "force info only branches, so the item has no limit")
        for limit, limit_block in zip(row.get("limit", []), block.inside("limit"), strict=True):
            _check_limit(limit, row, limit_block, report)
            _check_sources(limit, row, limit_block, report)
            for key in ("when", "unless"):
                _check_conditions(limit, key, limit_block, items, items, report)


def _unique(rows: Iterable[Row], blocks: Iterable[Block], report: Report) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row, block in zip(rows, blocks, strict=True):
        if row["id"] in found:
            report.at(block, "id", f"id {row['id']} stands twice")
        found.setdefault(row["id"], row)
    return found


def _check_problem(row: Row, block: Block, report: Report) -> None:
    is_judged = any("era" not in limit for limit in row.get("limit", []))
    if is_judged and "problem" not in row:
        report.at(block, "problem", "problem is missing: what is a failure called?")
    if not is_judged and "problem" in row:
        report.at(block, "problem", "an item that is never judged has no problem")


def _check_type(row: Row, block: Block, report: Report) -> None:
    is_group = row["type"] == ItemType.GROUP
    if is_group != ("fields" in row):
        key = "type" if is_group else "fields"
        report.at(block, key, "a group has fields, and nothing else has")
    if is_group and ("unit" in row or "options" in row):
        report.at(block, "type", "unit and options of a group belong to its fields")
    if not is_group:
        _check_answer(row, block, "type", report)
        return
    fields = row.get("fields", [])
    _no_twins([field["id"] for field in fields], block, "fields", report)
    for field in fields:
        if field["type"] == ItemType.GROUP:
            report.at(block, "fields", "a group holds no group", f'"{field["id"]}"')
        _check_answer(field, block, "fields", report)


def _check_answer(row: Row, block: Block, key: str, report: Report) -> None:
    needle = f'"{row["id"]}"' if key == "fields" else ""
    if (row["type"] == ItemType.NUMBER) != ("unit" in row):
        units = ", ".join(unit.value for unit in Unit)
        at = "unit" if "unit" in row and key == "type" else key
        report.at(block, at, f"a number has a unit ({units}), and nothing else has", needle)
    if (row["type"] in CHOICES) != ("options" in row):
        report.at(block, key, "choice and choices have options, and nothing else has", needle)
    options = [option["id"] for option in row.get("options", [])]
    _no_twins(options, block, "options" if key == "type" else key, report)


def _no_twins(ids: list[str], block: Block, key: str, report: Report) -> None:
    for twin in sorted({one for one in ids if ids.count(one) > 1}):
        report.at(block, key, f"id {twin} stands twice", f'"{twin}"')


def _check_sources(row: Row, item: Row, block: Block, report: Report) -> None:
    """Of an item, or of a limit, which takes from its item what it does not say itself."""
    citations: list[Citation] = []
    for text in row.get("cite", item.get("cite", [])):
        try:
            citations.append(parse_citation(text))
        except UnknownInstrument:
            if "cite" in row:
                report.at(block, "cite", f"{text} names no row of instruments.toml", text)
            return
    force = Force(row.get("force", item["force"]))
    is_advice = all(limit.get("advice") for limit in row.get("limit", [row]))
    if not citations and not is_advice and force not in UNCITED:
        report.at(block, "cite", "only advice of our own goes without a citation")
        return
    kinds = BINDING_KINDS.get(force, set())
    has_source = any(citation.instrument.kind in kinds for citation in citations)
    if kinds and citations and not has_source and ("force" in row or "cite" in row):
        wanted = " or ".join(sorted(kind.value for kind in kinds))
        report.at(block, "cite", f"force {force} needs a {wanted} among the citations")


def _check_limit(limit: Row, item: Row, block: Block, report: Report) -> None:
    _check_operands(limit, block, report)
    if "era" in limit and limit.get("advice"):
        report.at(block, "advice", "an era limit never decides, so it is no advice")
    field = _field(item, limit.get("field", ""))
    if field is None:
        report.at(block, "field", _no_field(item, limit.get("field", "")))
        return
    if field["type"] not in ANSWERED_BY[Op(limit["op"])]:
        report.at(block, "op", f"op {limit['op']} does not fit type {field['type']}")
    _check_values(limit.get("values", []), field, block, "values", report)
    total = _field(item, limit["of"]) if "of" in limit else None
    if "of" in limit and (total is None or total["type"] not in NUMBERS):
        report.at(block, "of", f"of: {limit['of']} is no number of this item")


def _check_operands(limit: Row, block: Block, report: Report) -> None:
    op = Op(limit["op"])
    for key in NEEDS[op]:
        if key not in limit:
            report.at(block, "op", f"op {op} needs {key}")
    for key in OPERANDS:
        if key in limit and key not in NEEDS[op] + MAY_HAVE.get(op, ()):
            report.at(block, key, f"op {op} has no {key}")
    if "low" in limit and "high" in limit and limit["low"] > limit["high"]:
        report.at(block, "low", "low is above high")


def _field(item: Row, name: str) -> Row | None:
    """The item itself where it is no group; None where there is no such field."""
    if item["type"] != ItemType.GROUP:
        return None if name else item
    return next((field for field in item.get("fields", []) if field["id"] == name), None)


def _no_field(item: Row, name: str) -> str:
    if not name:
        return f"{item['id']} is a group: name its field"
    return f"{item['id']} has no field {name}"


def _check_values(
    values: Iterable[bool | str], field: Row, block: Block, key: str, report: Report
) -> None:
    options: set[object] = {option["id"] for option in field.get("options", [])}
    known = {True, False} if field["type"] == ItemType.YESNO else options
    for value in values:
        if value not in known:
            report.at(block, key, f"unknown option {value}", str(value).lower())


def _check_conditions(
    row: Row,
    key: str,
    block: Block,
    usable: Mapping[str, Row],
    items: Mapping[str, Row],
    report: Report,
) -> None:
    """`usable` are the items that the conditions may name; `items` are all of the list."""
    for condition in _leaves(row.get(key, [])):
        problem = _subject_problem(condition)
        if problem:
            report.at(block, key, problem)
        elif "fact" in condition:
            _check_fact(condition, block, key, report)
        elif condition["item"] in usable:
            _check_answer_condition(condition, usable[condition["item"]], block, key, report)
        else:
            later = condition["item"] in items
            reason = "stands later: relevance looks back" if later else "is no item of this list"
            report.at(block, key, f"{condition['item']} {reason}", condition["item"])


def _leaves(conditions: Iterable[Row]) -> Iterable[Row]:
    for condition in conditions:
        if "any" in condition and len(condition) == 1:
            yield from _leaves(condition["any"])
        else:
            yield condition


def _subject_problem(condition: Row) -> str | None:
    if sum(key in condition for key in ("item", "fact", "any")) != 1 or "any" in condition:
        return "a condition has item, fact or any, and only one of them"
    if "field" in condition and "item" not in condition:
        return "field goes with item"
    compares = any(key in condition for key in COMPARISONS)
    if ("is" in condition) == compares:
        return "a condition has either is, or above, at_least, below, at_most"
    return None


def _check_fact(condition: Row, block: Block, key: str, report: Report) -> None:
    name = condition["fact"]
    if name not in FACTS:
        report.at(block, key, f"unknown fact {name}", f'"{name}"')
        return
    if FACTS[name].is_number != ("is" not in condition):
        report.at(block, key, f"fact {name} is compared the wrong way", f'"{name}"')
        return
    for value in condition.get("is", []):
        if not FACTS[name].accepts(value):
            report.at(block, key, f"fact {name} is never {value}", str(value).lower())


def _check_answer_condition(
    condition: Row, item: Row, block: Block, key: str, report: Report
) -> None:
    name = condition.get("field", "")
    field = _field(item, name)
    if field is None:
        report.at(block, key, _no_field(item, name), name or item["id"])
        return
    if (field["type"] in NUMBERS) != ("is" not in condition):
        report.at(block, key, f"{item['id']} is compared the wrong way", item["id"])
        return
    _check_values(condition.get("is", []), field, block, key, report)
