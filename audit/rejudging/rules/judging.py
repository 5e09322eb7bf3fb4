"""Answers that were given under one edition, judged by another. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from audit.checklists.rules import (
    Answer,
    Answers,
    Checklist,
    Condition,
    FacilityFacts,
    InvalidAnswer,
    Item,
    Judgement,
    Tolerances,
    Verdict,
    asked_items,
    judge,
    typed_value,
)
from audit.facilities.rules import read_span
from audit.inspections.rules import opens_finding


class State(StrEnum):
    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"


class Change(StrEnum):
    """What becomes of one answer. GONE: the edition does not ask it, there or at all; OTHER: it
    would be judged otherwise today by its own edition too, for the tolerance has changed since;
    UNMEASURED: no answer, for its own edition did not ask there what the target would."""

    STAYS = "stays"
    FAILS = "fails"
    PASSES = "passes"
    REMEASURE = "remeasure"
    UNJUDGED = "unjudged"
    GONE = "gone"
    OTHER = "other"
    UNMEASURED = "unmeasured"


BY_VALUE = {Change.FAILS, Change.PASSES, Change.REMEASURE, Change.UNJUDGED}


@dataclass(frozen=True)
class Kept:
    """An answer as it was filed: `value` as JSON holds it."""

    item_id: str
    value: object
    verdict: str
    outcome: str | None


@dataclass(frozen=True)
class Rejudged:
    item_id: str
    was: str
    becomes: str
    change: Change


@dataclass(frozen=True)
class Visit:
    """The answers of one inspection. `ground`: values that they stand on and that were filed
    elsewhere, of a re-check. `edition` is None where its file is no more."""

    edition: Checklist | None
    facts: FacilityFacts
    answers: tuple[Kept, ...]
    ground: Mapping[str, object]
    is_recheck: bool = False

    @property
    def values(self) -> dict[str, object]:
        return {**self.ground, **{one.item_id: one.value for one in self.answers}}


def rejudge(visit: Visit, target: Checklist, tolerances: Tolerances) -> list[Rejudged]:
    """Each of its answers by the target edition, in the order given; then the items that its own
    edition did not ask there and the target would, unless it only re-checked."""
    answers = fitting(target, visit.values)
    judged = judge(target, answers, visit.facts, tolerances)
    found = [_rejudged(one, target, judged, answers) for one in visit.answers]
    if visit.edition is None:
        return found
    if any(one.change in BY_VALUE for one in found):
        known = fitting(visit.edition, visit.values)
        today = judge(visit.edition, known, visit.facts, tolerances)
        both = zip(found, visit.answers, strict=True)
        found = [_for_its_reason(one, kept, today) for one, kept in both]
    return found if visit.is_recheck else found + _unmeasured(visit, visit.edition, target, judged)


def fitting(checklist: Checklist, values: Mapping[str, object]) -> dict[str, Answer]:
    """The values that the edition understands, typed."""
    found = {}
    for item_id, value in values.items():
        item = checklist.by_id.get(item_id)
        if item is not None:
            try:
                found[item_id] = Answer.of(typed_value(item, value))
            except InvalidAnswer:
                continue
    return found


def facts_of(kept: Mapping[str, Any]) -> FacilityFacts:
    """As an inspection keeps them: days as exactly as they were known, then everything else."""
    built = read_span(kept.get("built_on") or "") or (None, None)
    altered = read_span(kept.get("altered_on") or "") or (None, None)
    values = {name: value for name, value in kept.items() if name not in {"built_on", "altered_on"}}
    return FacilityFacts(built[0], altered[0], values, built[1], altered[1])


def _unmeasured(
    visit: Visit, edition: Checklist, target: Checklist, judged: Mapping[str, Judgement]
) -> list[Rejudged]:
    """Only items that are new or asked under other conditions can be newly asked."""
    newly = [
        item.id
        for item in target.items
        if judged[item.id].verdict is Verdict.NOT_CHECKED
        and item.id not in visit.values
        and _relevant(edition, item.id) != item.relevant
    ]
    if not newly:
        return []
    known = fitting(edition, visit.values)
    asked = {item.id for item in asked_items(edition, known, visit.facts)}
    return [
        Rejudged(item_id, "", Verdict.NOT_CHECKED, Change.UNMEASURED)
        for item_id in newly
        if item_id not in asked
    ]


def _relevant(edition: Checklist, item_id: str) -> tuple[Condition, ...] | None:
    item = edition.by_id.get(item_id)
    return None if item is None else item.relevant


def _rejudged(
    one: Kept, target: Checklist, judged: Mapping[str, Judgement], answers: Answers
) -> Rejudged:
    item = target.by_id.get(one.item_id)
    if item is None:
        return Rejudged(one.item_id, one.verdict, Verdict.HIDDEN, Change.GONE)
    if one.item_id not in answers:
        return Rejudged(one.item_id, one.verdict, Verdict.NOT_CHECKED, Change.REMEASURE)
    now = judged[one.item_id]
    if now.verdict is Verdict.HIDDEN:
        change = Change.REMEASURE if _hangs_on_unknown(item, answers, target) else Change.GONE
    else:
        change = _change(one, now)
    return Rejudged(one.item_id, one.verdict, now.verdict, change)


def _hangs_on_unknown(item: Item, answers: Answers, target: Checklist) -> bool:
    """Whether it is hidden for want of an answer, and not by one."""
    asked = [leaf.item for each in item.relevant for leaf in each.leaves() if leaf.item]
    return any(one not in answers and one in target.by_id for one in asked)


STANDS = {Verdict.PASS: Change.PASSES, Verdict.SECOND_LOOK: Change.REMEASURE,
          Verdict.NOT_CHECKED: Change.REMEASURE}  # fmt: skip


def _standing(verdict: str, outcome: str | None) -> Change:
    """Advice that is not followed passes: it opens no finding."""
    if verdict == Verdict.FAIL:
        return Change.FAILS if opens_finding(verdict, outcome) else Change.PASSES
    return STANDS.get(Verdict(verdict), Change.UNJUDGED)


def _change(one: Kept, now: Judgement) -> Change:
    was, becomes = _standing(one.verdict, one.outcome), _standing(now.verdict, now.outcome)
    return Change.STAYS if was is becomes else becomes


def _for_its_reason(one: Rejudged, kept: Kept, today: Mapping[str, Judgement]) -> Rejudged:
    """What its own edition would say too is not the new edition's doing."""
    if one.change not in BY_VALUE:
        return one
    by_its_own = today.get(one.item_id)
    if by_its_own is None or by_its_own.verdict is Verdict.HIDDEN:
        return one
    if _change(kept, by_its_own) is not one.change:
        return one
    return Rejudged(one.item_id, one.was, one.becomes, Change.OTHER)
