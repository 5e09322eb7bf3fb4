"""The office learns what an organisation did with a notice: its receipt, and its last answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from audit.assignments.actions import mark_answered, page_of
from audit.assignments.models import Assignment
from audit.assignments.queries import assignments_by_id
from audit.assignments.rules import ANSWERS
from audit.core.text import Text
from audit.journal.models import JournalEntry
from audit.notices.actions import tell
from audit.notices.rules import Topic

from ..queries import Directory
from ..rules import Who

RECEIVED = Text("整改通知 {number} 已签收", "The receipt of notice {number} was confirmed")
ANSWERED = Text("整改通知 {number} 已全部答复", "All of notice {number} was answered")
COUNTED = Text("里面有 {count} 个问题。", "Findings in it: {count}.")


def tell_of_assignments(entries: Sequence[JournalEntry]) -> None:
    """Whoever made the notice, and the competent department."""
    told = [(RECEIVED, one, at) for one, at in _received(entries)]
    told += [(ANSWERED, one, at) for one, at in _answered(entries)]
    directory = Directory() if told else None
    for words, assignment, at in told:
        if directory is not None:
            _tell(words, assignment, directory, at)


def _received(entries: Sequence[JournalEntry]) -> list[tuple[Assignment, datetime]]:
    moments = {
        UUID(one.subject_id): one.at
        for one in entries
        if one.kind == "assignment" and one.verb == "confirm_receipt"
    }
    return [(one, moments[one.id]) for one in assignments_by_id(moments)]


def _answered(entries: Sequence[JournalEntry]) -> list[tuple[Assignment, datetime]]:
    said = [one for one in entries if one.kind == "finding" and one.verb in ANSWERS]
    ids = {UUID(one.subject_id) for one in said}
    return [(one, said[-1].at) for one in mark_answered(ids)] if ids else []


def _tell(words: Text, assignment: Assignment, directory: Directory, at: datetime) -> None:
    people = {assignment.made_by_id} if assignment.made_by_id else set()
    for item in assignment.items:
        people |= set(directory.people((Who.DEPARTMENT,), item.finding, None))
    number, count = assignment.number, len(assignment.items)
    tell(
        people,
        Text(words.zh.format(number=number), words.en.format(number=number)),
        Text(COUNTED.zh.format(count=count), COUNTED.en.format(count=count)),
        page_of(assignment),
        Topic.NEWS,
        at=at,
    )
