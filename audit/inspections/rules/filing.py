"""What is kept of a judgement, and when it opens a finding."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from audit.checklists.rules import (
    Answers,
    AnswerState,
    Checklist,
    InvalidAnswer,
    Judgement,
    LimitResult,
    Op,
    Outcome,
    Text,
    Verdict,
    number_in_words,
    typed_value,
)
from audit.checklists.rules.limits import ZERO, bounds, miss

NOTHING = Text("", "")
NEEDS_TOTAL = {Op.SHARE, Op.STEPS}


class InspectionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


class Receipt(StrEnum):
    """What became of something that a device has sent."""

    KEPT = "kept"
    FILED = "filed"
    CONFLICT = "conflict"


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of what was sent, so that the same content twice is one inspection."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def opens_finding(verdict: str, outcome: str | None) -> bool:
    """A failure opens a finding; advice (宜) is said in the verdict and goes no further.

    The words of a judgement or of a kept answer; only this counts as failed anywhere.
    """
    return verdict == Verdict.FAIL and outcome != Outcome.ADVICE


def still_asks(checklist: Checklist, item_id: str, answers: Answers) -> bool:
    """Whether an edition understands answers that were given under another one, and has the item.

    What it does not ask at all any more is no hindrance.
    """
    try:
        for item in checklist.items:
            if item.id in answers and answers[item.id].state is AnswerState.ANSWERED:
                typed_value(item, answers[item.id].value)
    except InvalidAnswer:
        return False
    return item_id in checklist.by_id


def finding_facts(judgement: Judgement) -> dict[str, Any]:
    """Measured and required values, how far apart they are, and clauses, as JSON.

    Texts are in both languages. `field` names a part of a group and is empty for other items,
    whose question is their name. "basis" is what is shown of the clauses while they are in doubt.
    """
    return {
        "missed": [_plain(result) for result in judgement.missed],
        "near": [
            _plain(result) for result in judgement.results if result.verdict is Verdict.SECOND_LOOK
        ],
        "citations": [_both(one.text) for one in judgement.citations],
        "basis": [_both(one) for one in judgement.basis],
        "force": judgement.force,
        "met_rule_of_its_time": judgement.met_rule_of_its_time,
    }


def measured_facts(judgement: Judgement) -> list[dict[str, Any]]:
    """Every value beside its limit, in the shape of `finding_facts`' "missed", with its verdict."""
    return [
        _plain(result) | {"verdict": result.verdict}
        for result in judgement.results
        if result.verdict is not Verdict.NOT_CHECKED
    ]


def _plain(result: LimitResult) -> dict[str, Any]:
    return {
        "field": _both(result.field.label if result.field.id else NOTHING),
        "measured": _both(result.measured),
        "required": _both(result.required),
        "difference": _both(difference_in_words(result)),
        "outcome": result.outcome,
        "citations": [_both(one.text) for one in result.limit.cite],
        "basis": [_both(one) for one in result.limit.basis],
        "verified": result.is_verified,
    }


def difference_in_words(result: LimitResult) -> Text:
    """How far a number lies from its limit; empty for choices and for counts out of a total."""
    limit, value = result.limit, result.value
    if not limit.op.is_numeric or limit.op in NEEDS_TOTAL or not isinstance(value, Decimal):
        return NOTHING
    apart = miss(limit, value)
    if apart == ZERO:
        return NOTHING
    amount = number_in_words(apart) + (f" {result.unit.sign}".rstrip() if result.unit else "")
    lowest, _ = bounds(limit)
    if lowest is not None and value < lowest:
        return Text(f"比要求少 {amount}", f"{amount} less than required")
    return Text(f"比要求多 {amount}", f"{amount} more than required")


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
