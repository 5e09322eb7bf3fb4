"""The long form of an inspection: what a browser sends becomes typed answers, or problems.

Control names: `<item>` (of a group `<item>.<field>`), `state.<item>` (na, unchecked),
`note.<item>`, `photos.<item>` (files), `kept.<item>` (ids of photos sent before).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict

from audit.checklists.rules import (
    Answer,
    Answers,
    Checklist,
    FacilityFacts,
    Field,
    InvalidAnswer,
    Item,
    ItemType,
    Judgement,
    Unit,
    Verdict,
    answer_problems,
    asked_items,
    judge,
    needs_photo,
)
from audit.core.clock import now
from audit.core.language import current_language
from audit.photos.forms import told_capture
from audit.web.fields import paragraphs

from .queries import tolerances
from .rules import parse_quantity

UNCHECKED = "unchecked"
ONE_OF = {ItemType.YESNO, ItemType.CHOICE}
NUMBERS = {ItemType.NUMBER, ItemType.COUNT}
MAX_NOTE = 2000
OLDEST = timedelta(days=400)


@dataclass
class InspectionForm:
    """What was typed, typed answers, and problems by the name of the control beside them."""

    typed: dict[str, list[str]]
    answers: dict[str, Answer] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    kept: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    note: str = ""
    no_photo_reason: str = ""

    def value(self, name: str) -> str:
        return (self.typed.get(name) or [""])[0]

    def values(self, name: str) -> list[str]:
        return self.typed.get(name) or []


def parse_inspection(sent: MultiDict[str, str], items: Iterable[Item]) -> InspectionForm:
    """Read every item that was sent. Nothing that was typed is lost, right or wrong."""
    typed = {name: [paragraphs(one) for one in sent.getlist(name)] for name in sent}
    form = InspectionForm({name: values for name, values in typed.items() if _is_ours(name)})
    form.note = _note("note", form)
    form.no_photo_reason = _note("no_photo_reason", form)
    for item in items:
        answer = _answer(item, form)
        if answer is not None:
            form.answers[item.id] = answer
        kept = tuple(one for text in form.values(f"kept.{item.id}") if (one := uuid_or_none(text)))
        if kept:
            form.kept[item.id] = kept
    return form


def check_inspection(
    form: InspectionForm,
    checklist: Checklist,
    items: Sequence[Item],
    facts: FacilityFacts,
    ground: Answers,
) -> None:
    """What stands in the way of filing, beside what parsing found already.

    `items` are those on the page; `ground` holds earlier answers, which make it a re-check.
    """
    answers = {**ground, **form.answers}
    asked = {item.id for item in items} if ground else _asked(form, checklist, facts)
    _check_hidden(form, checklist, items, asked)
    check_values(form, checklist, facts, ground)
    if not form.problems and not any(_is_answered(item_id, form) for item_id in asked):
        form.problems[items[0].id] = _nothing_answered(bool(ground))
    if not form.problems and not form.no_photo_reason:
        _check_photos(form, judge(checklist, answers, facts, tolerances()), items, bool(ground))


def check_values(
    form: InspectionForm, checklist: Checklist, facts: FacilityFacts, ground: Answers
) -> None:
    """What is answered and cannot be meant so; of a draft this is all that is wrong."""
    for problem in answer_problems(checklist, {**ground, **form.answers}, facts):
        if problem.item_id in form.answers:
            name = f"{problem.item_id}.{problem.field_id}" if problem.field_id else problem.item_id
            form.problems.setdefault(name, problem.text.in_(current_language()))


def _asked(form: InspectionForm, checklist: Checklist, facts: FacilityFacts) -> set[str]:
    try:
        return {item.id for item in asked_items(checklist, form.answers, facts)}
    except InvalidAnswer:  # an answer on which others hang is to be mended first
        return set(checklist.by_id)


def _check_hidden(
    form: InspectionForm, checklist: Checklist, items: Sequence[Item], asked: set[str]
) -> None:
    """What stands in an item that is not asked counts for nothing, right or wrong.

    Its field is hidden, so that nobody could find and mend it. But where the question on which it
    hangs was passed over, somebody answered it in earnest, on a page that hides nothing.
    """
    numbers = {item.id: number for number, item in enumerate(items, start=1)}
    for item in checklist.items:
        if item.id in asked:
            continue
        passed_over = _hangs_on(item) & asked - form.answers.keys()
        if item.id in numbers and _is_answered(item.id, form) and passed_over:
            told = _("第 %(number)s 项已经填了，先回答这一项，它才算数。", number=numbers[item.id])
            for name in passed_over:
                form.problems.setdefault(name, told)
        else:
            mine = _names_of(item)
            form.problems = {name: text for name, text in form.problems.items() if name not in mine}


def _is_answered(item_id: str, form: InspectionForm) -> bool:
    return item_id in form.answers and form.answers[item_id].state == "answered"


def _names_of(item: Item) -> set[str]:
    parts = {f"{item.id}.{field.id}" for field in item.fields}
    return {item.id, f"note.{item.id}", f"photos.{item.id}", *parts}


def _hangs_on(item: Item) -> set[str]:
    return {leaf.item for condition in item.relevant for leaf in condition.leaves() if leaf.item}


def _nothing_answered(recheck: bool) -> str:
    if recheck:
        return str(_("复查必须对这一项作出判断：请填写实测值或选择结果。"))
    return str(_("还没有回答任何检查项。请至少回答一项再提交，或先存草稿。"))


def _check_photos(
    form: InspectionForm, judged: Mapping[str, Judgement], items: Sequence[Item], recheck: bool
) -> None:
    """A re-check always shows what was found, whatever the item's own rule says."""
    for item in items:
        answer = form.answers.get(item.id)
        if answer is None or answer.state != "answered" or form.kept.get(item.id):
            continue
        verdict = judged[item.id].verdict
        if recheck or (verdict is not Verdict.HIDDEN and needs_photo(item, judged[item.id])):
            form.problems[f"photos.{item.id}"] = _(
                "这一项需要照片。无法拍照的，请在最后写明原因，然后再提交。"
            )


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def started_at(sent: Mapping[str, str]) -> datetime:
    """When the visit began by the phone; now where it does not say or says nonsense."""
    moment = told_capture({"taken_at": sent.get("started_at", "")}).taken_at
    present = now()
    if moment is None or not present - OLDEST < moment <= present:
        return present
    return moment.astimezone(UTC)


def sent_photos(
    files: MultiDict[str, FileStorage], items: Iterable[Item]
) -> dict[str, list[FileStorage]]:
    """Picture files by item; the empty part that a browser sends for no file is left out."""
    return {
        item.id: found
        for item in items
        if (found := [one for one in files.getlist(f"photos.{item.id}") if one.filename])
    }


def _is_ours(name: str) -> bool:
    return name not in {"csrf_token", "action", "kept"} and len(name) < 200


def _note(name: str, form: InspectionForm) -> str:
    text = form.value(name)
    if len(text) > MAX_NOTE:
        form.problems[name] = _("太长了，最多 %(most)s 个字。", most=MAX_NOTE)
    return text  # whole: who is told to shorten it needs all of it


def _answer(item: Item, form: InspectionForm) -> Answer | None:
    note = _note(f"note.{item.id}", form)
    state = form.value(f"state.{item.id}") or form.value(item.id)
    if state == "na":
        return Answer.not_applicable(reason=note, note=note)
    if state == UNCHECKED:
        return Answer.not_checked(note=note)
    value = _group(item, form) if item.type is ItemType.GROUP else _single(item, form)
    if value in (None, {}):
        return Answer.not_checked(note=note) if note else None
    return Answer.of(value, note=note)


def _group(item: Item, form: InspectionForm) -> dict[str, object]:
    read = {one.id: _read(one, f"{item.id}.{one.id}", form) for one in item.fields}
    return {name: value for name, value in read.items() if value is not None}


def _single(item: Item, form: InspectionForm) -> object | None:
    return _read(item.fields[0], item.id, form)


def _read(asked: Field, name: str, form: InspectionForm) -> object | None:
    if asked.type is ItemType.CHOICES:
        return tuple(form.values(name)) or None
    text = form.value(name).strip()
    if not text or (text == UNCHECKED and asked.type in ONE_OF):
        return None
    if asked.type is ItemType.YESNO:
        return {"yes": True, "no": False}.get(text, text)  # anything else is told to be wrong
    if asked.type in NUMBERS:
        return _number(asked, name, text, form)
    return text


def _number(asked: Field, name: str, text: str, form: InspectionForm) -> object | None:
    quantity = parse_quantity(text, asked.unit)
    if quantity is None or (asked.type is ItemType.COUNT and quantity % 1):
        form.problems[name] = _number_problem(asked, text)
        return None
    return quantity


def _number_problem(asked: Field, text: str) -> str:
    typed = text[:40]
    if asked.unit is Unit.PERCENT:
        problem = _("“%(text)s”不是坡度。请填百分数，如 8.3，或比值，如 1:12。", text=typed)
    elif asked.unit is Unit.MM:
        problem = _("“%(text)s”不是长度。请填毫米数，如 1400，或带单位，如 1.4 m。", text=typed)
    elif asked.type is ItemType.COUNT:
        problem = _("“%(text)s”不是整数。请填个数，如 2。", text=typed)
    else:
        problem = _("“%(text)s”不是数字。请填数字，如 25。", text=typed)
    return str(problem)
