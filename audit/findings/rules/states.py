"""The words of a finding's life: its states, its verbs, what a step asks and why it is refused."""

from enum import StrEnum

from audit.core.text import Text


class State(StrEnum):
    REPORTED = "reported"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    DISPATCHED = "dispatched"
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
    CONFIRM = "confirm"
    REJECT = "reject"
    DISPATCH = "dispatch"
    RETURN = "return"
    REPORT_FIXED = "report_fixed"
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


class Needs(StrEnum):
    """What a step asks for beside the press of a button."""

    REASON = "reason"
    ORGANISATION = "organisation"
    PHOTO = "photo"
    INSPECTION = "inspection"  # only an inspection of round > 1 brings this step about
    DATE = "date"  # a last day


class Why(StrEnum):
    """Why a step is refused."""

    STATE = "state"
    ROLE = "role"
    DISTRICT = "district"
    NOT_RESPONSIBLE = "not_responsible"
    FIXER = "fixer"
    SAME_INSPECTOR = "same_inspector"
    OWN_TIME = "own_time"


STATES: dict[State, Text] = {
    State.REPORTED: Text("待核实", "Reported"),
    State.REJECTED: Text("不立案", "Not accepted"),
    State.CONFIRMED: Text("已立案", "Confirmed"),
    State.DISPATCHED: Text("已派单", "Dispatched"),
    State.FIXED: Text("待复查", "Fixed, awaiting re-check"),
    State.UNSURE: Text("待认定", "Too close to tell"),
    State.CLOSED: Text("已销号", "Closed"),
    State.REOPENED: Text("重新整改", "Reopened"),
}
SEVERITIES: dict[str, Text] = {
    "S1": Text("有受伤危险", "Danger of injury"),
    "S2": Text("无法使用", "Stops someone using it"),
    "S3": Text("使用困难", "Hard to use"),
    "S4": Text("建议改进", "Could be better"),
}
OPEN_STATES = frozenset(State) - {State.CLOSED, State.REJECTED}
