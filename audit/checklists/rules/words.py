"""Limits, values and conditions in plain words, in both languages."""

from collections.abc import Sequence
from decimal import Decimal

from audit.core.text import Text

from .answers import Scalar
from .facts import FACTS
from .grammar import Checklist, Condition, Field, Item, ItemType, Limit, Op, Unit
from .limits import bound, bounds

SIGNS = {Op.AT_LEAST: "≥", Op.AT_MOST: "≤", Op.ABOVE: ">", Op.BELOW: "<", Op.EQUAL: "="}
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


def number_in_words(number: Decimal) -> str:
    """1,500 or 8.33: no needless zeros."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_in_words(field: Field, value: Scalar | None) -> Text:
    """A measured value with its unit, a chosen option by its label."""
    if value is None:
        return Text("未填", "left out")
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, Decimal):
        return _quantity(field.unit, number_in_words(value), value)
    if isinstance(value, tuple):
        return _listed([field.label_of(one) for one in value], "、", ", ") if value else NONE
    return field.label_of(value) if field.type is ItemType.CHOICE else Text(value, value)


NONE = Text("一项也没有", "none")
_THIS = Text("这一项", "the answer")
_ADVICE = Text("建议", "advice")


def requirement_in_words(limit: Limit, field: Field, total: Decimal | None = None) -> Text:
    """ "≥ 1,500 mm"; a slope also as a ratio, "≤ 8.33 %（1:12）"."""
    if not limit.op.is_numeric:
        return _required_choice(limit, field)
    if limit.op is Op.BETWEEN:
        low, high = (number_in_words(bound(limit, one)) for one in (limit.low, limit.high))
        return _quantity(field.unit, f"{low}–{high}", None)
    if limit.op in {Op.SHARE, Op.STEPS}:
        return _required_count(limit, total)
    return quantity(field.unit, SIGNS[limit.op], bound(limit, limit.value))


def limit_in_words(limit: Limit, item: Item, checklist: Checklist) -> Text:
    """The requirement, of which field it is, and when it holds: all that decides, for who reads
    the list or compares it with the printed standard."""
    field = item.field(limit.field)
    told = requirement_in_words(limit, field)
    if len(item.fields) > 1:
        told = Text(f"{field.label.zh}：{told.zh}", f"{field.label.en}: {told.en}")
    asides = [_ADVICE] if limit.is_advice else []
    if limit.when:
        asides.append(_aside(limit.when, item, checklist, "时", "if "))
    if limit.unless:
        asides.append(_aside(limit.unless, item, checklist, "时除外", "unless "))
    if not asides:
        return told
    listed = _listed(asides, "；", "; ")
    return Text(f"{told.zh}（{listed.zh}）", f"{told.en} ({listed.en})")


def quantity(unit: Unit | None, sign: str, number: Decimal) -> Text:
    """ "≥ 1,500 mm"."""
    return _quantity(unit, f"{sign} {number_in_words(number)}", number)


def relevance_in_words(item: Item, checklist: Checklist, language: str) -> str:
    """ "仅当…" for a page that cannot hide the item itself; "" where it is always asked.

    Facts are known beforehand: a page leaves out what they rule out.
    """
    parts = [_condition(condition, checklist) for condition in item.relevant if not condition.fact]
    if not parts:
        return ""
    if language == "en":
        return "Only if " + ", and ".join(part.en for part in parts) + "."
    return "仅当" + "，并且".join(part.zh for part in parts) + "时填写。"


def how_in_steps(item: Item, language: str) -> list[str]:
    """How to look or measure, step by step; the page's list numbers them."""
    lines = (line.strip() for line in item.how.in_(language).splitlines())
    return [line for line in lines if line]


def _quantity(unit: Unit | None, number: str, ratio_of: Decimal | None) -> Text:
    if unit is None:
        return Text(number, number)
    text = f"{number} {unit.sign}".rstrip()
    if unit is not Unit.PERCENT or not ratio_of:
        return Text(text, text)
    ratio = f"1:{number_in_words((100 / ratio_of).quantize(Decimal('0.1')))}"
    return Text(f"{text}（{ratio}）", f"{text} ({ratio})")


def _required_count(limit: Limit, total: Decimal | None) -> Text:
    if total is None:
        return _counted_share(limit) if limit.op is Op.SHARE else _counted_steps(limit)
    lowest, _ = bounds(limit, total)
    needed, out_of = number_in_words(bound(limit, lowest)), number_in_words(total)
    return Text(f"≥ {needed}（总数 {out_of}）", f"≥ {needed} (of {out_of})")


def _counted_share(limit: Limit) -> Text:
    if limit.percent == 100:
        return Text("全部", "all")
    share = number_in_words(limit.percent or Decimal(0))
    least = limit.at_least
    told = Text(f"不少于总数的 {share} %", f"≥ {share} % of the total")
    return Text(f"{told.zh}，至少 {least}", f"{told.en}, at least {least}") if least else told


def _counted_steps(limit: Limit) -> Text:
    steps = [(number_in_words(Decimal(most)), least) for most, least in limit.table]
    told = [Text(f"总数 ≤ {most} 时 ≥ {least}", f"≥ {least} of ≤ {most}") for most, least in steps]
    if limit.every:
        told.append(Text(f"再每 {limit.every} 加 1", f"1 more for each {limit.every} beyond"))
    return _listed(told, "，", ", ")


def _required_choice(limit: Limit, field: Field) -> Text:
    labels = [_label(field, one) for one in limit.values]
    match limit.op:
        case Op.HAS_ALL:
            return _around("应全部具备：", "all of: ", _listed(labels, "、", ", "))
        case Op.HAS_NONE:
            return _around("不应有：", "none of: ", _listed(labels, "、", ", "))
        case Op.HAS_ANY:
            return _around("至少具备一项：", "at least one of: ", _listed(labels, "、", ", "))
        case _:
            return _listed(labels, "或", " or ")


def _label(field: Field, value: bool | str) -> Text:
    return YES_NO[value] if isinstance(value, bool) else field.label_of(value)


def _listed(texts: Sequence[Text], zh: str, en: str) -> Text:
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def _around(zh: str, en: str, text: Text) -> Text:
    return Text(zh + text.zh, en + text.en)


def _aside(all_of: Sequence[Condition], item: Item, checklist: Checklist, zh: str, en: str) -> Text:
    told = [_condition(one, checklist, item) for one in all_of]
    listed = _listed(told, "，并且", ", and ")
    return Text(f"{listed.zh}{zh}", f"{en}{listed.en}")


def _condition(condition: Condition, checklist: Checklist, own: Item | None = None) -> Text:
    """The item `own` is not named again, only its field."""
    if condition.any:
        either = [_condition(one, checklist, own) for one in condition.any]
        return _listed(either, "，或者", ", or ")
    if condition.fact:
        kind = FACTS[condition.fact]
        values = _listed([kind.values[one] for one in condition.values], "或", " or ")
        return _compared(condition, kind.label, None, values)
    item = checklist.item(condition.item)
    field = item.field(condition.field)
    ask = Text(f"“{item.ask.zh}”", f"“{item.ask.en}”")
    if item == own:
        ask = Text(f"“{field.label.zh}”", f"“{field.label.en}”") if condition.field else _THIS
    elif condition.field:
        ask = Text(f"{ask.zh}的“{field.label.zh}”", f"{ask.en} ({field.label.en})")
    values = _listed([_label(field, one) for one in condition.values], "”或“", "” or “")
    return _compared(condition, ask, field.unit, Text(f"“{values.zh}”", f"“{values.en}”"))


def _compared(condition: Condition, subject: Text, unit: Unit | None, values: Text) -> Text:
    if condition.values:
        return Text(f"{subject.zh}为{values.zh}", f"{subject.en} is {values.en}")
    pairs = (
        (condition.above, "大于", "above"),
        (condition.at_least, "不小于", "at least"),
        (condition.below, "小于", "below"),
        (condition.at_most, "不大于", "at most"),
    )
    texts = [
        _around(f"{zh} ", f"{en} ", _quantity(unit, number_in_words(number), number))
        for number, zh, en in pairs
        if number is not None
    ]
    listed = _listed(texts, "且", " and ")
    return Text(f"{subject.zh}{listed.zh}", f"{subject.en} is {listed.en}")
