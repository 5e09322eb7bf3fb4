"""Who may take which step now. Whoever fixed something does not judge it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from audit.core.actors import Actor, May, Role

from .states import Needs, Plea, Source, State, Verb, Why
from .table import (
    ASKED_BY,
    DECIDED_BY,
    JUDGES_A_FIX,
    RECHECKS,
    TRANSITIONS,
    Step,
    step_for,
    steps_from,
)


@dataclass(frozen=True)
class Facts:
    """What a decision needs to know of a finding.

    `kept_by`: the organisation that may not ask to return it again; `unsafe`: a danger that is
    still to be made safe; `replies`: an answer to the procuratorate is due.
    """

    state: State
    district: str
    organisation_id: UUID | None
    found_by: UUID | None
    fixed_by: UUID | None
    doubtful: bool = False
    plea: Plea | None = None
    confirmed_by: UUID | None = None
    department_id: UUID | None = None
    kept_by: UUID | None = None
    times_found: int = 1
    unsafe: bool = False
    escalated: bool = False
    referred: bool = False
    replies: bool = False
    assistants: frozenset[UUID] = frozenset()


# What must be the case beside the state; what is not here is always called for.
CALLED_FOR: dict[Verb, Callable[[Facts], bool]] = {
    Verb.TRUST: lambda facts: facts.doubtful,
    Verb.MAKE_SAFE: lambda facts: facts.unsafe,
    Verb.WITHDRAW: lambda facts: facts.times_found == 1,
    Verb.ESCALATE: lambda facts: not facts.escalated,
    Verb.RELEASE: lambda facts: facts.escalated,
    Verb.REFER: lambda facts: not facts.referred,
    Verb.RECORD_ADVICE: lambda facts: facts.referred and not facts.replies,
    Verb.RECORD_REPLY: lambda facts: facts.replies,
    Verb.END_ASSIST: lambda facts: bool(facts.assistants),
}


def needs_of(step: Step, source: Source) -> tuple[Needs, ...]:
    """What a step asks for. A website's fix is seen by the next scan, so it needs no photo; where
    a person re-checks it, at a desk, there is no inspection but a reason."""
    if source is not Source.SCAN:
        return step.needs
    needs = [need for need in step.needs if need is not Needs.PHOTO]
    return tuple(Needs.REASON if need is Needs.INSPECTION else need for need in needs)


OF_ITS_OWN = {Needs.PHOTO, Needs.PHOTO_IF_ANY, Needs.INSPECTION, Needs.DATE, Needs.ASSISTANT,
              Needs.FINDING}  # fmt: skip


def steps_for_many(actor: Actor) -> tuple[Step, ...]:
    """Steps that this person may take with many findings at once: those for which each of them
    needs nothing of its own. What was merged is taken apart one by one."""
    return tuple(
        step
        for step in TRANSITIONS
        if not OF_ITS_OWN & {*step.needs} and step.verb is not Verb.UNMERGE and actor.may(step.may)
    )


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
        return _of_the_fixer(facts, verb, actor)
    if step.may == May.ADD_NOTE and _takes_part(facts, actor):
        return None
    if not _may_here(step.may, facts.district, actor):
        return Why.DISTRICT
    return _bias(facts, step, actor, other_inspector)


def _is_called_for(facts: Facts, verb: Verb) -> bool:
    """What looks into doubts needs some; one thing is asked for at a time and then decided."""
    if verb in ASKED_BY:
        return facts.plea is None
    if verb in DECIDED_BY:
        return facts.plea is DECIDED_BY[verb]
    return CALLED_FOR[verb](facts) if verb in CALLED_FOR else True


def _of_the_fixer(facts: Facts, verb: Verb, actor: Actor) -> Why | None:
    if not _is_of_the_fixer(facts, actor):
        return Why.NOT_RESPONSIBLE
    kept = verb is Verb.ASK_RETURN and facts.kept_by == facts.organisation_id
    return Why.ARBITRATED if kept else None


def _is_of_the_fixer(facts: Facts, actor: Actor) -> bool:
    return actor.organisation_id is not None and actor.organisation_id == facts.organisation_id


def _takes_part(facts: Facts, actor: Actor) -> bool:
    return _is_of_the_fixer(facts, actor) or actor.organisation_id in facts.assistants


def _may_here(what: May, district: str, actor: Actor) -> bool:
    """An organisation's grant is for what was sent to it, not for a district."""
    offices = tuple(one for one in actor.grants if one.role is not Role.ORGANISATION)
    return replace(actor, grants=offices).may(what, district)


def _bias(facts: Facts, step: Step, actor: Actor, other_inspector: bool) -> Why | None:
    """Nobody is judge in their own cause: neither the person nor anybody of the organisation."""
    verb = step.verb
    own = _is_of_the_fixer(facts, actor)
    if verb in JUDGES_A_FIX and (own or _is(actor, facts.fixed_by)):
        return Why.FIXER
    if verb in DECIDED_BY and own:
        return Why.OWN_PLEA
    if verb in RECHECKS and other_inspector and _is(actor, facts.found_by):
        return Why.SAME_INSPECTOR
    return _standing(facts, verb, actor)


def _standing(facts: Facts, verb: Verb, actor: Actor) -> Why | None:
    """What only somebody in particular may do, or may not."""
    if verb is Verb.WITHDRAW and not _is(actor, facts.found_by):
        return Why.NOT_FINDER
    looked = _is(actor, facts.found_by) or _is(actor, facts.confirmed_by)
    if DECIDED_BY.get(verb) is Plea.OBJECTION and looked:
        return Why.SECOND_LOOK
    if verb in (Verb.ESCALATE, Verb.RELEASE) and not _is_competent(facts, actor):
        return Why.NOT_COMPETENT
    return None


def _is(actor: Actor, person: UUID | None) -> bool:
    return actor.id is not None and actor.id == person


def _is_competent(facts: Facts, actor: Actor) -> bool:
    """The coordinator for all; a department for its own, and for what is nobody's yet."""
    nobodys = facts.department_id is None
    return (
        nobodys
        or actor.organisation_id == facts.department_id
        or actor.may(May.CONFIRM, facts.district)
    )


def steps_open_to(facts: Facts, actor: Actor, *, other_inspector: bool = True) -> list[Step]:
    return [
        step
        for step in steps_from(facts.state)
        if refusal(facts, step.verb, actor, other_inspector=other_inspector) is None
    ]
