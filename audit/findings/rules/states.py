"""The words of a finding's life: its states, its verbs, what a step asks and why it is refused."""

from enum import StrEnum

from audit.core.text import Text


class State(StrEnum):
    REPORTED = "reported"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by whoever found it: the inspection was mistaken
    MERGED = "merged"  # it is the same as another
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
    FIXING = "fixing"  # the organisation has signed for it
    PROGRAMMED = "programmed"  # waits for works that are planned for a day
    SUBSTITUTED = "substituted"  # another measure helps where the fix is impossible
    FIXED = "fixed"
    UNSURE = "unsure"  # re-checked, and too near the limit to tell
    CLOSED = "closed"
    REOPENED = "reopened"


class Source(StrEnum):
    INSPECTION = "inspection"
    SCAN = "scan"


class Verb(StrEnum):
    OPEN = "open"
    JOIN = "join"
    LEAVE = "leave"  # an inspection that found it too was withdrawn
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REJECT = "reject"
    DISPATCH = "dispatch"
    RETURN = "return"  # until November 2026 an organisation could give back without being asked
    START = "start"
    REPORT_FIXED = "report_fixed"
    MAKE_SAFE = "make_safe"
    PASS_RECHECK = "pass_recheck"  # noqa: S105 -- no password
    FAIL_RECHECK = "fail_recheck"
    UNDECIDED = "undecided"  # the scanner could not tell this time
    HAND_OVER = "hand_over"  # the scanner cannot tell at all: a person must
    NEAR_RECHECK = "near_recheck"
    ACCEPT = "accept"
    REFUSE = "refuse"
    VOID = "void"
    REOPEN = "reopen"
    RECONSIDER = "reconsider"
    TRUST = "trust"
    ASK_TIME = "ask_time"
    GRANT_TIME = "grant_time"
    REFUSE_TIME = "refuse_time"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    REFUSE_RETURN = "refuse_return"
    ASK_SUBSTITUTE = "ask_substitute"
    GRANT_SUBSTITUTE = "grant_substitute"
    REFUSE_SUBSTITUTE = "refuse_substitute"
    CONTEST = "contest"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    PROGRAMME = "programme"
    RESUME = "resume"
    ESCALATE = "escalate"
    RELEASE = "release"
    REFER = "refer"
    RECORD_ADVICE = "record_advice"  # the procuratorate has answered with a recommendation
    RECORD_REPLY = "record_reply"  # which was answered in writing
    ASSIST = "assist"
    END_ASSIST = "end_assist"
    NOTE = "note"
    MERGE = "merge"
    UNMERGE = "unmerge"
    TAKE_IN = "take_in"  # another was merged into it
    LET_GO = "let_go"  # and is so no longer


class Needs(StrEnum):
    """What a step asks for beside the press of a button."""

    REASON = "reason"
    ORGANISATION = "organisation"
    ASSISTANT = "assistant"  # one of the departments that help
    PHOTO = "photo"
    PHOTO_IF_ANY = "photo_if_any"
    INSPECTION = "inspection"  # only an inspection of round > 1 brings this step about
    DATE = "date"
    URGENCY = "urgency"
    FINDING = "finding"  # another one


class Why(StrEnum):
    """Why a step is refused."""

    STATE = "state"
    ROLE = "role"
    DISTRICT = "district"
    NOT_RESPONSIBLE = "not_responsible"
    FIXER = "fixer"
    SAME_INSPECTOR = "same_inspector"
    OWN_PLEA = "own_plea"
    SECOND_LOOK = "second_look"
    ARBITRATED = "arbitrated"
    NOT_FINDER = "not_finder"
    NOT_COMPETENT = "not_competent"


class Plea(StrEnum):
    """What an organisation has asked for and waits for an answer to; one at a time."""

    TIME = "time"
    RETURN = "return"
    SUBSTITUTE = "substitute"
    OBJECTION = "objection"


class Mark(StrEnum):
    """What stands beside the state."""

    ESCALATED = "escalated"
    REFERRED = "referred"
    REPLY_DUE = "reply_due"  # to the procuratorate
    UNSAFE = "unsafe"  # a danger that nobody has made safe yet
    UNSAFE_LATE = "unsafe_late"


STATES: dict[State, Text] = {
    State.REPORTED: Text("待核实", "Reported"),
    State.REJECTED: Text("不立案", "Not accepted"),
    State.WITHDRAWN: Text("已撤回", "Withdrawn"),
    State.MERGED: Text("已并案", "Merged"),
    State.CONFIRMED: Text("已立案", "Confirmed"),
    State.DISPATCHED: Text("已派单", "Dispatched"),
    State.FIXING: Text("整改中", "Being fixed"),
    State.PROGRAMMED: Text("挂账", "Programmed"),
    State.SUBSTITUTED: Text("替代措施", "Substitute measure"),
    State.FIXED: Text("待复查", "Fixed, awaiting re-check"),
    State.UNSURE: Text("待认定", "Too close to tell"),
    State.CLOSED: Text("已销号", "Closed"),
    State.REOPENED: Text("重新整改", "Reopened"),
}
PLEAS: dict[Plea, Text] = {
    Plea.TIME: Text("申请延期", "Asks for an extension"),
    Plea.RETURN: Text("申请退回", "Asks to return it"),
    Plea.SUBSTITUTE: Text("申请替代措施", "Asks for a substitute measure"),
    Plea.OBJECTION: Text("提出异议", "Objects"),
}
MARKS: dict[Mark, Text] = {
    Mark.ESCALATED: Text("督办", "Escalated"),
    Mark.REFERRED: Text("已移送", "Referred"),
    Mark.REPLY_DUE: Text("待回复检察建议", "Reply to the procuratorate due"),
    Mark.UNSAFE: Text("待临时防护", "To be made safe"),
    Mark.UNSAFE_LATE: Text("临时防护超期", "Late to be made safe"),
}
SEVERITIES: dict[str, Text] = {
    "S1": Text("有受伤危险", "Danger of injury"),
    "S2": Text("无法使用", "Stops someone using it"),
    "S3": Text("使用困难", "Hard to use"),
    "S4": Text("建议改进", "Could be better"),
}
FINAL_STATES = frozenset({State.CLOSED, State.REJECTED, State.WITHDRAWN, State.MERGED})
OPEN_STATES = frozenset(State) - FINAL_STATES
WITH_THE_FIXER = frozenset({State.DISPATCHED, State.FIXING, State.REOPENED})
# where a danger still is one, until it is fixed or made safe
UNSAFE_STATES = WITH_THE_FIXER | {State.CONFIRMED, State.PROGRAMMED, State.SUBSTITUTED}
