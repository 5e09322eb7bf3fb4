"""From answers and facts to verdicts: pure, and the same tomorrow as today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from audit.core.text import Text
from audit.standards.rules import Citation, Confidence, InstrumentKind, basis_of, is_verified

from .answers import Answer, Answers, AnswerState, Scalar, Value
from .conditions import asked_and_answered, limit_applies
from .facts import FacilityFacts
from .grammar import (
    Checklist,
    Defect,
    Fault,
    Field,
    Force,
    Item,
    Limit,
    PhotoRule,
    Severity,
    Unit,
)
from .limits import ZERO, measured, miss, passes, whole
from .words import requirement_in_words, value_in_words

Tolerances = Mapping[Unit, Decimal]
# Ours, not a code's: what a 0.1° level cannot tell apart. Administrators may set others.
DEFAULT_TOLERANCES: Tolerances = {Unit.PERCENT: Decimal("0.2")}
NO_TOLERANCE: Tolerances = {}


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"
    SECOND_LOOK = "second_look"
    INFO = "info"
    HIDDEN = "hidden"


class Outcome(StrEnum):
    """What a miss means; the order is from worst to mildest."""

    BREACH = "breach"
    NONCONFORMING = "nonconforming"
    BELOW = "below"
    UPKEEP = "upkeep"
    SERVICE = "service"
    ADVICE = "advice"


@dataclass(frozen=True)
class LimitResult:
    """One limit that applied. `outcome` is None where it was met, near, or not measured; `total`
    is what `share` and `steps` count from."""

    limit: Limit
    field: Field
    value: Scalar | None
    total: Decimal | None
    verdict: Verdict
    outcome: Outcome | None

    @property
    def measured(self) -> Text:
        return value_in_words(self.field, self.value)

    @property
    def required(self) -> Text:
        return requirement_in_words(self.limit, self.field, self.total)

    @property
    def is_verified(self) -> bool:
        return is_verified(self.limit.conf)

    @property
    def unit(self) -> Unit | None:
        return self.field.unit


@dataclass(frozen=True)
class Judgement:
    """What became of one item.

    `decisive` is the worst of `results`, the limits that applied; None where nothing was judged.
    `force`, `conf` and `citations` are the decisive limit's, else the item's. `unverified` means
    that its clause is 条文待核; for a plain pass it is the weakest clause it rests on.
    `met_rule_of_its_time` is None where there is no such rule or the age is unknown.
    """

    item_id: str
    verdict: Verdict
    outcome: Outcome | None
    severity: Severity
    defect: Defect
    force: Force
    conf: Confidence
    citations: tuple[Citation, ...]
    unverified: bool
    decisive: LimitResult | None = None
    results: tuple[LimitResult, ...] = ()
    met_rule_of_its_time: bool | None = None

    @property
    def basis(self) -> tuple[Text, ...]:
        return basis_of(self.citations, self.conf)

    @property
    def missed(self) -> tuple[LimitResult, ...]:
        """Every limit that failed or gives advice, in the list's order."""
        return tuple(result for result in self.results if result.outcome is not None)


def judge(
    checklist: Checklist,
    answers: Answers,
    facts: FacilityFacts,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
) -> dict[str, Judgement]:
    """A judgement for every item of the list, in its order; items not asked are `hidden`.

    Answers to items that the list does not know are left out. Raises InvalidAnswer where a
    value does not fit its item.
    """
    items, counted = asked_and_answered(checklist, answers, facts)
    asked = {item.id for item in items}
    return {
        item.id: judge_item(item, counted, facts, tolerances)
        if item.id in asked
        else _unjudged(item, Verdict.HIDDEN)
        for item in checklist.items
    }


def needs_photo(item: Item, judgement: Judgement) -> bool:
    """Whether the item's rule asks for a photo of what was found."""
    if judgement.verdict not in {Verdict.PASS, Verdict.FAIL, Verdict.SECOND_LOOK, Verdict.INFO}:
        return False
    if item.photo is PhotoRule.ON_FAIL:
        return judgement.verdict in {Verdict.FAIL, Verdict.SECOND_LOOK}
    return item.photo is PhotoRule.ALWAYS


def judge_item(
    item: Item, answers: Answers, facts: FacilityFacts, tolerances: Tolerances
) -> Judgement:
    """One item, as if it were asked. `answers` are typed; conditions of limits look at them."""
    answer = answers.get(item.id, Answer.not_checked())
    if answer.state is AnswerState.NOT_APPLICABLE:
        return _unjudged(item, Verdict.NOT_APPLICABLE)
    if answer.state is AnswerState.NOT_CHECKED:
        return _unjudged(item, Verdict.NOT_CHECKED)
    value: Value = answer.value  # type: ignore[assignment]  # typed by answered_typed
    applied = [limit for limit in item.limits if limit_applies(limit, answers, facts)]
    deciding = [limit for limit in applied if not limit.is_of_its_time]
    if not deciding:
        return _unjudged(item, Verdict.INFO)
    results = tuple(
        _result(item, limit, value, facts, tolerances)
        for limit in deciding
        if not (limit.advice and measured(limit, value) is None)
    )
    if not results:
        return _unjudged(item, Verdict.NOT_CHECKED)
    return _judged(item, results, _met_rule_of_its_time(applied, value, facts))


def _result(
    item: Item, limit: Limit, value: Value, facts: FacilityFacts, tolerances: Tolerances
) -> LimitResult:
    field = item.field(limit.field)
    number, total = measured(limit, value), whole(limit, value)
    verdict = _verdict(
        limit, number, total, tolerances.get(field.unit, ZERO) if field.unit else ZERO
    )
    outcome = _outcome(limit, facts) if verdict is Verdict.FAIL else None
    return LimitResult(
        limit=limit,
        field=field,
        value=number,
        total=total,
        verdict=Verdict.PASS if limit.advice and verdict is not Verdict.PASS else verdict,
        outcome=outcome,
    )


def _verdict(
    limit: Limit, value: Scalar | None, total: Decimal | None, tolerance: Decimal
) -> Verdict:
    if value is None or (limit.of and total is None):
        return Verdict.NOT_CHECKED
    if passes(limit, value, total):
        return Verdict.PASS
    if tolerance and isinstance(value, Decimal) and miss(limit, value, total) <= tolerance:
        return Verdict.SECOND_LOOK
    return Verdict.FAIL


def _outcome(limit: Limit, facts: FacilityFacts) -> Outcome:
    if limit.is_advice:
        return Outcome.ADVICE
    if limit.fault is Fault.UPKEEP:
        return Outcome.UPKEEP
    if limit.fault is Fault.SERVICE:
        return Outcome.SERVICE
    since = binding_since(limit)
    if since is None or not facts.worked_since(since):
        return Outcome.BELOW
    return Outcome.BREACH if limit.force is Force.MANDATORY else Outcome.NONCONFORMING


BINDING_KINDS = {
    Force.MANDATORY: {InstrumentKind.MANDATORY_CODE},
    Force.STANDARD: {InstrumentKind.STANDARD, InstrumentKind.NOTICE},
    Force.LAW: {InstrumentKind.LAW, InstrumentKind.REGULATION},
}


def binding_since(limit: Limit) -> date | None:
    """The first day on which an instrument cited for the limit's force is known to have bound."""
    kinds = BINDING_KINDS.get(limit.force, set())
    instruments = [one.instrument for one in limit.cite]
    days = [one.in_force_since for one in instruments if one.kind in kinds]
    return min((day for day in days if day is not None), default=None)


def _met_rule_of_its_time(applied: list[Limit], value: Value, facts: FacilityFacts) -> bool | None:
    met: list[bool] = []
    for limit in applied:
        part = measured(limit, value)
        if limit.before is None or not facts.last_before(limit.before) or part is None:
            continue
        met.append(passes(limit, part, whole(limit, value)))
    return all(met) if met else None


WORST_FIRST = (Verdict.FAIL, Verdict.SECOND_LOOK, Verdict.NOT_CHECKED, Verdict.PASS)
WORST_OUTCOMES = (*Outcome, None)


def _badness(result: LimitResult) -> tuple[int, int, bool, bool]:
    """Sorts the worst first; of equally bad ones, one whose clause is verified.

    Of limits that were met it puts those first on which a pass rests most weakly.
    """
    is_met = result.verdict is Verdict.PASS and result.outcome is None
    return (
        WORST_FIRST.index(result.verdict),
        WORST_OUTCOMES.index(result.outcome),
        is_met and result.limit.advice,
        result.is_verified is is_met,
    )


def _judged(
    item: Item, results: tuple[LimitResult, ...], met_rule_of_its_time: bool | None
) -> Judgement:
    decisive = min(results, key=_badness)
    return Judgement(
        item_id=item.id,
        verdict=decisive.verdict,
        outcome=decisive.outcome,
        severity=item.severity,
        defect=item.defect,
        force=decisive.limit.force,
        conf=decisive.limit.conf,
        citations=decisive.limit.cite,
        unverified=not decisive.is_verified,
        decisive=decisive,
        results=results,
        met_rule_of_its_time=met_rule_of_its_time,
    )


def _unjudged(item: Item, verdict: Verdict) -> Judgement:
    return Judgement(
        item_id=item.id,
        verdict=verdict,
        outcome=None,
        severity=item.severity,
        defect=item.defect,
        force=item.force,
        conf=item.conf,
        citations=item.cite,
        unverified=not is_verified(item.conf),
    )
