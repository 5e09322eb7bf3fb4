"""The page of a filed inspection: what failed first, what happens next, and the rest in lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flask_babel import gettext as _

from audit.checklists.rules import (
    Checklist,
    Item,
    Outcome,
    Verdict,
    typed_value,
    value_in_words,
)
from audit.core.language import current_language
from audit.photos.models import Photo

from ..models import Inspection, InspectionAnswer
from ..rules import opens_finding

JUDGED = {Verdict.PASS, Verdict.FAIL, Verdict.SECOND_LOOK}


@dataclass(frozen=True)
class Line:
    """One item with what was answered, in words ("" where nothing was), and its photos."""

    item: Item
    answer: InspectionAnswer
    said: str
    photos: list[Photo] = field(default_factory=list)

    @property
    def severity(self) -> str:
        """As it was when it was found, which a city may set otherwise than the list."""
        return self.answer.finding.severity if self.answer.finding else self.item.severity

    @property
    def title(self) -> str:
        """The problem where there is one, else the question."""
        language = current_language()
        if self.answer.finding is not None:
            return self.answer.finding.title(language)
        return self.item.ask.in_(language)


@dataclass(frozen=True)
class ResultPage:
    inspection: Inspection
    checklist: Checklist

    @cached_property
    def lines(self) -> list[Line]:
        """In the order of the list."""
        photos: dict[str, list[Photo]] = {}
        for link in self.inspection.photos:
            photos.setdefault(link.item_id, []).append(link.photo)
        return [
            Line(item, answer, said(item, answer.value), photos.get(item.id, []))
            for answer in self.inspection.answers
            if (item := self.checklist.by_id.get(answer.item_id)) is not None
        ]

    @property
    def failed(self) -> list[Line]:
        """The gravest first; what is advice only stands apart."""
        lines = self._where(lambda one: opens_finding(one.verdict, one.outcome))
        return sorted(lines, key=lambda line: line.severity)

    @property
    def unsure(self) -> list[Line]:
        return self._where(lambda one: one.verdict == Verdict.SECOND_LOOK)

    @property
    def advised(self) -> list[Line]:
        return self._where(_is_advice)

    @property
    def passed(self) -> list[Line]:
        return self._where(lambda one: one.verdict == Verdict.PASS and not _is_advice(one))

    @property
    def noted(self) -> list[Line]:
        """Answers that no limit judges, and items that do not apply here."""
        kept = {Verdict.INFO, Verdict.NOT_APPLICABLE}
        return self._where(lambda one: one.verdict in kept)

    @property
    def unchecked(self) -> list[Line]:
        return self._where(lambda one: one.verdict == Verdict.NOT_CHECKED)

    def _where(self, holds: Callable[[InspectionAnswer], bool]) -> list[Line]:
        return [line for line in self.lines if holds(line.answer)]

    @property
    def judged(self) -> int:
        return sum(line.answer.verdict in JUDGED for line in self.lines)

    @property
    def says(self) -> str:
        """One sentence: what happens next."""
        if self.inspection.verifies is not None:
            return self._says_of_recheck(self.inspection.verifies.number)
        if self.failed:
            return str(
                _(
                    "不合格的 %(count)s 项已成为问题，等残联核实。"
                    "核实后派给责任单位整改，改好再由另一位监督员复查。",
                    count=len(self.failed),
                )
            )
        if self.unsure:
            text = _("没有不合格的项。有 %(count)s 项需要再量一次。", count=len(self.unsure))
            return str(text)
        if self.advised:
            return str(
                _(
                    "没有不合格的项。有 %(count)s 项只是建议改进，不成为问题。",
                    count=len(self.advised),
                )
            )
        return str(_("已判定的项都合格，不需要再做什么。"))

    def _says_of_recheck(self, number: str) -> str:
        if self.failed:
            return str(_("复查不合格，问题 %(number)s 已退回重新整改。", number=number))
        if self.unsure:
            return str(
                _(
                    "量得的值没有达到限值，但差别在量具误差以内，判不出合格还是不合格。"
                    "问题 %(number)s 等残联认定，也可以换量具再复查一次。",
                    number=number,
                )
            )
        return str(_("复查合格，问题 %(number)s 已销号。", number=number))


def _is_advice(answer: InspectionAnswer) -> bool:
    return answer.outcome == Outcome.ADVICE


def said(item: Item, value: object) -> str:
    """What was answered, in words; the parts of a group with their names."""
    if value is None:
        return ""
    typed, language = typed_value(item, value), current_language()
    if not isinstance(typed, Mapping):
        return value_in_words(item.fields[0], typed).alone(language)
    pairs = [
        (one.label.in_(language), value_in_words(one, typed[one.id]).in_(language))
        for one in item.fields
        if one.id in typed
    ]
    if language == "en":
        return "; ".join(f"{label}: {words}" for label, words in pairs)
    return "；".join(f"{label}：{words}" for label, words in pairs)
