"""What is kept of a judgement, and when it opens a finding."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from audit.checklists.rules import Judgement, Outcome, Text, Verdict


class InspectionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of what was sent, so that the same content twice is one inspection."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def opens_finding(judgement: Judgement) -> bool:
    """A failure opens a finding; advice (宜) is said in the verdict and goes no further."""
    return judgement.verdict is Verdict.FAIL and judgement.outcome is not Outcome.ADVICE


def finding_facts(judgement: Judgement) -> dict[str, Any]:
    """Measured and required values and clauses in both languages, as JSON."""
    return {
        "missed": [
            {
                "field": _both(result.field.label),
                "measured": _both(result.measured),
                "required": _both(result.required),
                "outcome": result.outcome,
                "citations": [_both(one.text) for one in result.limit.cite],
                "verified": result.is_verified,
            }
            for result in judgement.missed
        ],
        "citations": [_both(one.text) for one in judgement.citations],
        "force": judgement.force,
        "met_rule_of_its_time": judgement.met_rule_of_its_time,
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
