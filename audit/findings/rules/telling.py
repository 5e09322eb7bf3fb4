"""The table in words, for the page and the document that explain it."""

from collections.abc import Sequence

from audit.core.actors import PERMISSIONS, Role
from audit.core.text import Text

from .states import FINAL_STATES, STATES, Needs, State, Verb
from .table import TRANSITIONS, Step, steps_from

NEEDS: dict[Needs, Text] = {
    Needs.REASON: Text("情况或理由", "words: what happened, or why"),
    Needs.ORGANISATION: Text("单位", "an organisation"),
    Needs.ASSISTANT: Text("协办单位", "who helps"),
    Needs.PHOTO: Text("照片", "a photo"),
    Needs.PHOTO_IF_ANY: Text("照片（可不附）", "photos, if any"),
    Needs.INSPECTION: Text("到现场复查", "a visit"),
    Needs.DATE: Text("日期", "a day"),
    Needs.FINDING: Text("另一个问题", "another finding"),
    Needs.URGENCY: Text("是否紧急", "whether it is urgent"),
}
_SECOND_LOOK = Text(
    "限没有发现、也没有核实它的人", "by somebody who neither found nor confirmed it"
)
_OWN = Text("部门限自己主管的", "a department only for its own")
# What a step asks beside role and state.
RULES: dict[Verb, Text] = {
    Verb.WITHDRAW: Text(
        "限发现的人；别的检查也发现了的不能撤回",
        "only by whoever found it, while no other inspection has",
    ),
    Verb.MAKE_SAFE: Text("限有受伤危险的问题", "only where there is a danger of injury"),
    Verb.PASS_RECHECK: Text(
        "限没有整改它的人，一般也不是首次检查人",
        "not by the fixer nor, by default, by the first inspector",
    ),
    Verb.ASK_RETURN: Text(
        "裁定不退回的，同一单位不能再申请",
        "not again by an organisation that was ruled to fix it",
    ),
    Verb.UPHOLD: _SECOND_LOOK,
    Verb.DISMISS: _SECOND_LOOK,
    Verb.ESCALATE: _OWN,
    Verb.RELEASE: _OWN,
    Verb.RECORD_ADVICE: Text(
        "回复期限两个月，紧急的十五日（条文待核）",
        "to be answered in two months, fifteen days if urgent (clause to be checked)",
    ),
    Verb.MERGE: Text(
        "并到同一设施或 250 米以内未销号的问题；已有问题并入的不能再并",
        "into an open one at most 250 m away; not one into which others were merged",
    ),
    Verb.UNMERGE: Text(
        "那里又发现了同样问题的不能撤销",
        "not where the same was found there again since",
    ),
    Verb.NOTE: Text(
        "整改单位限自己的，协办单位限协办的",
        "an organisation only to what it must fix or helps with",
    ),
}


def who_may(step: Step) -> list[Role]:
    return [role for role in Role if step.may in PERMISSIONS[role]]


def moves_from(state: State) -> Sequence[Step]:
    """Steps that lead elsewhere; what only adds something is told once, for all states."""
    return [step for step in steps_from(state) if step.to not in (None, state)]


def steps_beside() -> Sequence[Step]:
    """Steps that leave the state as it is."""
    return [step for step in TRANSITIONS if step.to is None]


def life_as_markdown(roles: dict[Role, Text]) -> str:
    """The document `docs/life.md`. `roles`: their names."""
    lines = [
        "# The life of a finding", "",
        "Made from the table in `audit/findings/rules/table.py` by `scripts/life`; a test compares"
        " them. The page `/findings/life` says the same in the product.", "",
        "## States", "", "| State | Words | Leads to |", "|---|---|---|",
    ]  # fmt: skip
    lines += [_state_row(state) for state in State]
    lines += ["", "## Steps", "", "| Step | Words | From | To | Who | Asks | Besides |"]
    lines += ["|---|---|---|---|---|---|---|", *(_step_row(step, roles) for step in TRANSITIONS)]
    return "\n".join(lines) + "\n"


def _state_row(state: State) -> str:
    end = " (an end)" if state in FINAL_STATES else ""
    ways = ", ".join(f"`{step.verb}` → `{step.to}`" for step in moves_from(state))
    return f"| `{state}` | {_both(STATES[state])}{end} | {ways} |"


def _step_row(step: Step, roles: dict[Role, Text]) -> str:
    frm = "any" if step.frm == set(State) else ", ".join(s for s in State if s in step.frm)
    to = f"`{step.to}`" if step.to else "—"
    if step.unnamed:
        to += f", `{step.unnamed}` while no organisation is named"
    who = ", ".join(roles[role].en for role in who_may(step))
    asks = "; ".join(NEEDS[need].en for need in step.needs) or "—"
    besides = RULES[step.verb].en if step.verb in RULES else ""
    row = [f"`{step.verb}`", _both(step.label), frm, to, who, asks, besides]
    return f"| {' | '.join(row)} |"


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}"
