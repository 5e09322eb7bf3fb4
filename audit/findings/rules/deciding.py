"""Who may take which step now. Whoever fixed something does not judge it."""

from dataclasses import dataclass
from uuid import UUID

from audit.core.actors import Actor, May

from .states import Needs, Source, State, Verb, Why
from .table import ABOUT_TIME, DECIDES_TIME, JUDGES_A_FIX, TRANSITIONS, Step, step_for, steps_from


@dataclass(frozen=True)
class Facts:
    """What a decision needs to know of a finding."""

    state: State
    district: str
    organisation_id: UUID | None
    found_by: UUID | None
    fixed_by: UUID | None
    doubtful: bool = False
    asked_time: bool = False


def needs_of(step: Step, source: Source) -> tuple[Needs, ...]:
    """What a step asks for. A website's fix is seen by the next scan, so it needs no photo; where
    a person re-checks it, at a desk, there is no inspection but a reason."""
    if source is not Source.SCAN:
        return step.needs
    needs = [need for need in step.needs if need is not Needs.PHOTO]
    return tuple(Needs.REASON if need is Needs.INSPECTION else need for need in needs)


def steps_for_many(actor: Actor) -> tuple[Step, ...]:
    """Steps that this person may take with many findings at once: those for which none of them
    needs a picture, a visit or a day of its own."""
    own = {Needs.PHOTO, Needs.INSPECTION, Needs.DATE}
    return tuple(step for step in TRANSITIONS if not own & {*step.needs} and actor.may(step.may))


def refusal(facts: Facts, verb: Verb, actor: Actor, *, other_inspector: bool = True) -> Why | None:
    """Why this person may not take this step now; None when they may.

    `other_inspector`: the re-check must be done by another person than the first inspector.
    """
    step = step_for(verb)
    if facts.state not in step.frm or not _is_called_for(facts, verb):
        return Why.STATE
    if not actor.may(step.may):
        return Why.ROLE
    if step.may == May.REPORT_FIXED:
        return None if _is_of_the_fixer(facts, actor) else Why.NOT_RESPONSIBLE
    if not actor.may(step.may, facts.district):
        return Why.DISTRICT
    return _bias(facts, step, actor, other_inspector)


def _is_called_for(facts: Facts, verb: Verb) -> bool:
    """What looks into doubts needs some; time is asked for once and then decided."""
    if verb is Verb.TRUST:
        return facts.doubtful
    if verb in ABOUT_TIME:
        return facts.asked_time is (verb in DECIDES_TIME)
    return True


def _is_of_the_fixer(facts: Facts, actor: Actor) -> bool:
    return actor.organisation_id is not None and actor.organisation_id == facts.organisation_id


def _bias(facts: Facts, step: Step, actor: Actor, other_inspector: bool) -> Why | None:
    """Whoever fixes judges no fix: neither the person nor anybody of the same organisation."""
    fixed_it = actor.id is not None and actor.id == facts.fixed_by
    if step.verb in JUDGES_A_FIX and (fixed_it or _is_of_the_fixer(facts, actor)):
        return Why.FIXER
    if step.verb in DECIDES_TIME and _is_of_the_fixer(facts, actor):
        return Why.OWN_TIME
    found_it = actor.id is not None and actor.id == facts.found_by
    if Needs.INSPECTION in step.needs and other_inspector and found_it:
        return Why.SAME_INSPECTOR
    return None


def steps_open_to(facts: Facts, actor: Actor, *, other_inspector: bool = True) -> list[Step]:
    return [
        step
        for step in steps_from(facts.state)
        if refusal(facts, step.verb, actor, other_inspector=other_inspector) is None
    ]
