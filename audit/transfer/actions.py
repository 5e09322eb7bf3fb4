from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, update

from audit.core.actors import SYSTEM, Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import AuditError, Conflict, Invalid
from audit.core.ids import new_id
from audit.facilities.actions import add_facility
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityDraft, FacilityKind, Review
from audit.journal.actions import record
from audit.queue.runs import later
from audit.register.actions import retire
from audit.tables.reading import Table

from .models import FacilityImport, ImportRow
from .queries import count_rows, count_taken, find_worked_on
from .rules.columns import Plan
from .rules.states import ASKED, AT_WORK, OVERFLOWS, STANDING, ImportState, Kept, RowState
from .rules.trial import Tried

ADD, UNDO = "add_import", "undo_import"
MOVED_ON = _("这份文件的状态已经变化。请重新打开这一页再操作。")
NOTHING = _("没有可以导入的行。请先改正文件里的问题，或者在“可能重复”“位置存疑”中选定要导入的行。")
DAYS = ("built_on", "altered_on", "built_by", "altered_by")


def keep_file(import_id: UUID, name: str, table: Table, actor: Actor) -> FacilityImport:
    """The same id a second time gives the first one."""
    known = db.session.get(FacilityImport, import_id)
    if known is not None:
        if known.created_by_id != actor.id:
            raise Conflict(MOVED_ON)
        return known
    kept = FacilityImport(
        id=import_id,
        name=name[:200],
        state=ImportState.READ,
        columns=list(table.columns),
        created_at=now(),
        created_by_id=actor.id,
        created_by_name=actor.name,
    )
    db.session.add(kept)
    db.session.flush()
    rows = [
        {"import_id": import_id, "line": row.line, "cells": list(row.cells)}
        | {"state": RowState.READ, "error": OVERFLOWS if row.overflows else ""}
        for row in table.rows
    ]
    db.session.execute(insert(ImportRow), rows)
    _journal(kept, actor, "read", rows=len(rows))
    return kept


def keep_trial(
    kept: FacilityImport, plan: Plan, tried: Iterable[Tried], offers: dict[str, Any], actor: Actor
) -> None:
    """What each row would become; nothing is on the register yet."""
    _expect(kept, *STANDING)
    rows = [
        {
            "import_id": kept.id,
            "line": one.line,
            "state": one.state,
            "draft": _kept_draft(one.draft) if one.draft else None,
            "take": False,
            "twin_id": one.twin_id,
            "twin_line": one.twin_line,
            "facility_id": new_id(),
        }
        for one in tried
    ]
    db.session.execute(update(ImportRow), rows)
    kept.plan, kept.offers, kept.state = plan.kept(), offers, ImportState.CHECKED
    kept.error = ""
    _journal(kept, actor, "try")


def choose_asked(kept: FacilityImport, shown: Sequence[int], taken: Sequence[int]) -> None:
    """Of the rows asked about that a page showed, those to be added all the same."""
    _expect(kept, ImportState.CHECKED)
    for line in shown:
        row = db.session.get(ImportRow, (kept.id, line))
        if row is not None and row.state in ASKED:
            row.take = line in taken


def start_adding(kept: FacilityImport, actor: Actor) -> None:
    _expect(kept, ImportState.CHECKED)
    if not count_rows(kept.id).get(RowState.GOOD) and not count_taken(kept.id):
        raise Invalid({"add": NOTHING})
    kept.state, kept.error = ImportState.ADDING, ""
    _journal(kept, actor, "take_in")
    later(ADD, import_id=str(kept.id))


def start_undoing(kept: FacilityImport, actor: Actor) -> None:
    """Takes everything of this file off the register, but for what somebody works with."""
    _expect(kept, ImportState.DONE)
    kept.state, kept.error = ImportState.UNDOING, ""
    _journal(kept, actor, "undo")
    later(UNDO, import_id=str(kept.id), actor_id=str(actor.id))


def add_rows(rows: Sequence[ImportRow], actor: Actor) -> None:
    """Put these on the register. Done twice, it adds none twice."""
    for row in rows:
        draft = _draft_of(row.draft or {})
        if not actor.may(May.EDIT_FACILITY, draft.district_code):
            row.state = RowState.BAD  # the reasons are read anew when they are shown
            continue
        try:
            add_facility(row.facility_id or new_id(), draft, actor, Review.ACCEPTED)
        except AuditError as error:
            row.state, row.error = RowState.BAD, str(error.message)
        else:
            row.state = RowState.ADDED


def undo_rows(rows: Sequence[ImportRow], actor: Actor) -> None:
    """What is kept says why. A place that has moved to a district of somebody else is theirs."""
    worked_on = find_worked_on([row.facility_id for row in rows if row.facility_id])
    for row in rows:
        facility = db.session.get_one(Facility, row.facility_id)
        mine = actor.may(May.EDIT_FACILITY, facility.district_code)
        why = worked_on.get(facility.id) if mine else Kept.ELSEWHERE
        row.state, row.error = (RowState.KEPT, why) if why else (RowState.UNDONE, "")
        if why is None:
            retire(facility, actor, str(_("撤销导入")))


def finish(kept: FacilityImport, actor: Actor) -> None:
    """The worker is through with adding or undoing."""
    _expect(kept, *AT_WORK)
    adding = kept.state is ImportState.ADDING
    kept.state = ImportState.DONE if adding else ImportState.UNDONE
    _journal(kept, actor, "taken_in" if adding else "undone")


def give_up(kept: FacilityImport, error: str) -> None:
    """The worker has failed for good: what was not done can be asked for again."""
    if kept.state in AT_WORK:
        adding = kept.state is ImportState.ADDING
        kept.state = ImportState.CHECKED if adding else ImportState.DONE
        kept.error = error
        _journal(kept, SYSTEM, "give_up", error=error[:200])


def _expect(kept: FacilityImport, *states: ImportState) -> None:
    if kept.state not in states:
        raise Conflict(MOVED_ON)


def _kept_draft(draft: FacilityDraft) -> dict[str, Any]:
    days = {name: day.isoformat() for name in DAYS if (day := getattr(draft, name))}
    plain = {
        name: value
        for name, value in vars(draft).items()
        if name not in DAYS and value not in (None, "")
    }
    owner = {"organisation_id": str(draft.organisation_id)} if draft.organisation_id else {}
    return plain | days | owner | {"kind": draft.kind.value, "facts": dict(draft.facts)}


def _draft_of(kept: dict[str, Any]) -> FacilityDraft:
    days = {name: date.fromisoformat(kept[name]) for name in DAYS if name in kept}
    owner = kept.get("organisation_id")
    rest = {"kind": FacilityKind(kept["kind"]), "organisation_id": UUID(owner) if owner else None}
    return FacilityDraft(**(kept | days | rest))


def _journal(kept: FacilityImport, actor: Actor, verb: str, **detail: object) -> None:
    counted = {state.value: count for state, count in count_rows(kept.id).items()}
    record(actor, verb, "import", kept.id, detail={"file": kept.name} | counted | detail)
