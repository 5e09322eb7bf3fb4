from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from audit.core.clock import here, now
from audit.core.db import db
from audit.core.ids import new_id
from audit.core.text import Text
from audit.findings.models import Finding
from audit.findings.rules import SEVERITIES, State, Verb
from audit.journal.models import JournalEntry
from audit.notices.actions import announce, tell
from audit.notices.rules import Event, HookTopic

from ..models import AlertCursor, Reminder
from ..queries import BATCH, SOME, Directory, entries_after, findings_by_id, to_be_reminded
from ..rules import TABLE, Kind, Told, first_for_each, kind_due, merged, reminder
from .answers import tell_of_assignments

EVENTS = UUID("0193a0b4-7d1e-7c56-9a53-2f6b8d0c41e7")  # names ours among all name-based ids
A_MOMENT = timedelta(microseconds=1)


def catch_up() -> bool:
    """Tell people of the next entries of the journal, in the caller's transaction: so of nothing
    that was not saved, and of nothing twice. Whether there may be more."""
    cursor = _cursor()
    entries = entries_after(cursor.seq)
    if not entries:
        return False
    cursor.seq = entries[-1].seq
    about = [one for one in entries if one.kind == "finding" and one.verb in set(Verb)]
    if about:
        _tell_of(about)
    tell_of_assignments(entries)
    return len(entries) == BATCH


def _cursor() -> AlertCursor:
    """Locked. The migration made the row; an empty database begins at its first entry."""
    cursor = db.session.get(AlertCursor, 1, with_for_update=True, populate_existing=True)
    if cursor is None:
        cursor = AlertCursor(id=1, seq=0)
        db.session.add(cursor)
    return cursor


def _tell_of(entries: Sequence[JournalEntry]) -> None:
    findings = findings_by_id({UUID(one.subject_id) for one in entries})
    directory = Directory()
    told: list[Told] = []
    events: list[Event] = []
    for entry in entries:
        finding = findings.get(UUID(entry.subject_id))
        if finding is not None:
            told += _told_of(entry, finding, directory)
            events.append(_event_of(entry, finding))
    send(told, entries[-1].at)
    announce(events)


def _event_of(entry: JournalEntry, finding: Finding) -> Event:
    """For other systems: under the same id whenever it is made from this entry."""
    to = entry.detail.get("to")
    topic = HookTopic.CLOSED if to == State.CLOSED else HookTopic.STEP
    facts = {"verb": entry.verb, "from": entry.detail.get("from"), "to": to}
    return Event(
        uuid5(EVENTS, f"journal {entry.seq}"),
        HookTopic.OPENED if entry.verb == Verb.OPEN else topic,
        finding.district_code,
        entry.at,
        facts | _facts_of(finding),
    )


def _facts_of(finding: Finding) -> dict[str, str | None]:
    due = finding.due_at
    return {
        "finding": str(finding.id),
        "number": finding.number,
        "severity": finding.severity,
        "due": due.isoformat() if due else None,
    }


def _told_of(entry: JournalEntry, finding: Finding, directory: Directory) -> Iterable[Told]:
    """Who is told of one entry. The organisation is the one that the entry names (it was sent
    there, or came back from there), else the one of now."""
    named = entry.detail.get("organisation_id")
    organisation = UUID(named) if named else finding.organisation_id
    rows = [
        (telling, directory.people(telling.who, finding, organisation))
        for telling in TABLE.get(Verb(entry.verb), ())
    ]
    for user_id, telling in first_for_each(rows, entry.actor_id):
        yield Told(
            user_id, telling, finding.number, finding.facility_id, str(entry.detail.get("to", "")),
            note_of(finding),
        )  # fmt: skip


def remind(kind: Kind) -> bool:
    """Tell of clocks that stand at this point, each once, in the caller's transaction. Whether
    there may be more."""
    findings = to_be_reminded(kind)
    moment = now()
    directory = Directory() if findings else None
    told: list[Told] = []
    events: list[Event] = []
    for finding in findings:
        row = _reminded(finding, kind, moment)
        db.session.add(row)
        if directory is not None and _is_said(finding, kind, moment):
            told += _reminded_people(finding, kind, directory)
            facts = {"deadline": str(kind), "stage": finding.stage} | _facts_of(finding)
            events.append(Event(row.id, HookTopic.DEADLINE, finding.district_code, moment, facts))
    send(told, moment)
    announce(events)
    return len(findings) == SOME


def _reminded(finding: Finding, kind: Kind, moment: datetime) -> Reminder:
    return Reminder(
        id=new_id(),
        finding_id=finding.id,
        kind=kind,
        clock_since=finding.clock_since,
        until=finding.asked_until if kind is Kind.ASKED else finding.extended_to,
        at=moment,
    )


def _is_said(finding: Finding, kind: Kind, moment: datetime) -> bool:
    if kind is Kind.ASKED:
        return True
    since, due = finding.clock_since, finding.due_at
    return since is not None and due is not None and (
        kind_due(since, due, finding.gross_at, moment) is kind
    )  # fmt: skip


def _reminded_people(finding: Finding, kind: Kind, directory: Directory) -> Iterable[Told]:
    if finding.stage is None:
        return
    telling = reminder(kind, finding.stage)
    people = directory.people(telling.who, finding, finding.organisation_id)
    for user_id in dict.fromkeys(people):
        yield Told(user_id, telling, finding.number, finding.facility_id, "", note_of(finding))


def send(told: Sequence[Told], at: datetime) -> None:
    for message, people in merged(told):
        topic = message.telling.topic
        tell(people, message.subject, message.body, message.address, topic, at=at)


def note_of(finding: Finding) -> Text:
    """What a message of one finding says beside its number: how grave it is, and until when."""
    grave = SEVERITIES[finding.severity]
    zh, en = f"{finding.severity} {grave.zh}。", f"{finding.severity}: {grave.en}."
    if finding.due_at is not None:
        last = here(finding.due_at - A_MOMENT)
        zh, en = f"{zh}期限到 {last:%Y-%m-%d}。", f"{en} Due by {last:%Y-%m-%d}."
    return Text(zh, en)
