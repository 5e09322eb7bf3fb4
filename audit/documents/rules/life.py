"""Who may take which step of a paper's life: one drafts, another approves, then nothing moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit.core.actors import Actor, May
from audit.core.text import Text

from .kinds import KINDS, Kind, State


class Act(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    DISCARD = "discard"
    CORRECT = "correct"


class Whose(StrEnum):
    DRAFTER = "drafter"
    SECOND = "second"  # with the right to approve, and not who drafted it
    ANY_DRAFTER = "any_drafter"


@dataclass(frozen=True)
class Step:
    """`to` None: stays as it is."""

    frm: State
    to: State | None
    whose: Whose
    label: Text
    done: Text


STEPS: Mapping[Act, Step] = {
    Act.EDIT: Step(
        State.DRAFT, None, Whose.DRAFTER, Text("修改", "Edit"), Text("修改了内容", "Edited")
    ),
    Act.SUBMIT: Step(
        State.DRAFT, State.WAITING, Whose.DRAFTER,
        Text("送审", "Send for approval"), Text("送审", "Sent for approval"),
    ),
    Act.RETURN: Step(
        State.WAITING, State.DRAFT, Whose.SECOND,
        Text("退回修改", "Send back"), Text("退回修改", "Sent back"),
    ),
    Act.APPROVE: Step(
        State.WAITING, State.ISSUED, Whose.SECOND,
        Text("批准并签发", "Approve and issue"), Text("批准并签发", "Approved and issued"),
    ),
    Act.DISCARD: Step(
        State.DRAFT, State.DISCARDED, Whose.DRAFTER,
        Text("作废这份草稿", "Discard this draft"), Text("作废草稿", "Draft discarded"),
    ),
    Act.CORRECT: Step(
        State.ISSUED, None, Whose.ANY_DRAFTER,
        Text("起草更正版", "Draft a correction"), Text("起草更正版", "Correction drafted"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What a decision needs to know of a paper. `is_replaced`: a later version is under way or
    issued; `drafted_in`: the organisation of whoever drafted it."""

    kind: Kind
    state: State
    district: str
    drafted_by: UUID | None
    is_replaced: bool = False
    drafted_in: UUID | None = None


class Why(StrEnum):
    """Why a step is refused."""

    STATE = "state"
    ROLE = "role"
    OWN = "own"
    NOT_YOURS = "not_yours"
    REPLACED = "replaced"
    OTHER_DEPARTMENT = "other_department"


def may_any(actor: Actor, rights: frozenset[May], district: str | None = None) -> bool:
    return any(actor.may(one, district) for one in rights)


def refusal(standing: Standing, act: Act, actor: Actor) -> Why | None:
    step, facts = STEPS[act], KINDS[standing.kind]
    if standing.state is not step.frm:
        return Why.STATE
    rights = facts.approve if step.whose is Whose.SECOND else facts.draft
    if actor.id is None or not may_any(actor, rights, standing.district):
        return Why.ROLE
    is_own = actor.id == standing.drafted_by
    if step.whose is Whose.SECOND and is_own:
        return Why.OWN
    if step.whose is Whose.SECOND and _is_of_another(standing, actor):
        return Why.OTHER_DEPARTMENT
    if step.whose is Whose.DRAFTER and not is_own:
        return Why.NOT_YOURS
    return Why.REPLACED if act is Act.CORRECT and standing.is_replaced else None


def _is_of_another(standing: Standing, actor: Actor) -> bool:
    """An order is one department's act, from draft to issue."""
    return standing.kind is Kind.ORDER and actor.organisation_id != standing.drafted_in


def acts_open_to(standing: Standing, actor: Actor) -> list[Act]:
    return [act for act in Act if refusal(standing, act, actor) is None]
