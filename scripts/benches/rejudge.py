"""How long it takes to judge 100,000 measurements by another edition: the preview that the worker
fills, from its first query to its last row. Limit: 60 s. Says too how much memory it took."""

import argparse
import random
import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from audit.accounts.actions import add_user
from audit.accounts.queries import actor_of, find_active_user
from audit.checklists.loader import editions_of, get_checklist
from audit.checklists.rules import (
    Answer,
    Checklist,
    ItemType,
    Judgement,
    Outcome,
    Verdict,
    judge,
    plain_value,
    typed_value,
)
from audit.checklists.rules.grammar import Field
from audit.core.actors import SYSTEM, Actor, Role
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind, Review
from audit.inspections.models import Inspection, InspectionAnswer
from audit.inspections.rules import InspectionState
from audit.queue.models import JobRun
from audit.queue.runs import do
from audit.rejudging.actions import start
from audit.rejudging.models import Rejudging, RejudgingCount
from audit.rejudging.rules import facts_of

from .ground import say_database, scratch_app
from .town import write

LIMIT_S = 60
LIST = "public-building"
START = datetime(2025, 1, 1, tzinfo=UTC)
FACTS = {"kind": "building", "built_on": "2023"}
BRANCHES = ("special_school", "hospital", "service")
VISITS = 2  # at each place
OTHERWISE, AT_ONCE = 0.05, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--database", default="", help="address of another database")
    chosen = parser.parse_args()
    with scratch_app(chosen.database) as app:
        say_database(app)
        with app.app_context():
            _build(chosen.answers)
            _measure(_somebody())


def _measure(actor: Actor) -> None:
    newest = editions_of(LIST)[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, used = time.perf_counter(), time.process_time()
    with transaction():
        made_id = start(new_id(), LIST, newest, actor).id
    do(str(db.session.scalars(select(JobRun.id).where(JobRun.state == "queued")).one()))
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - used
    more_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    made = db.session.get_one(Rejudging, made_id, populate_existing=True)
    print(
        f"{made.judged:,} answers judged by {LIST} {newest} in {seconds:.1f} s "
        f"({cpu_s:.1f} s of CPU), "
        f"{made.judged / seconds:,.0f} answers/s, {more_mb:.0f} MB more memory; limit {LIMIT_S} s"
    )
    kept = RejudgingCount
    sums = select(kept.change, func.sum(kept.answers)).where(kept.rejudging_id == made_id)
    for change, count in db.session.execute(sums.group_by(kept.change).order_by(kept.change)):
        print(f"  {change}: {count:,}")


def _somebody() -> Actor:
    with transaction():
        user, _password = add_user("bench", "测速", [(Role.COORDINATOR, None)], SYSTEM)
        user_id = user.id
    found = find_active_user(user_id)
    if found is None:
        raise RuntimeError("the account is not there")
    return actor_of(found)


def _build(wanted: int) -> None:
    """Places with two visits each, under the edition before the newest, until so many answers;
    a few at a time, for the memory that the preview takes is measured too."""
    dice = random.Random(1)  # noqa: S311 the same answers every time
    checklist, left, number = get_checklist(LIST, editions_of(LIST)[1]), wanted, 0
    while left:
        places = [_facility(number + more, dice) for more in range(AT_ONCE)]
        number += AT_ONCE
        visits = [_visit(one, checklist, turn) for one in places for turn in range(VISITS)]
        answers = [row for visit in visits for row in _answers(visit, checklist, dice)][:left]
        left -= len(answers)
        for table, rows in ((Facility, places), (Inspection, visits), (InspectionAnswer, answers)):
            write(table, rows)


def _facility(number: int, dice: random.Random) -> dict[str, Any]:
    return {
        "id": new_id(), "number": f"T{number:06}", "kind": FacilityKind.BUILDING,
        "name": f"{number} 号办事楼", "district_code": dice.choice(["512002", "512021", "512022"]),
        "address": "建设路", "lon": 104.65, "lat": 30.12, "cell": 0, "facts": {}, "active": True,
        "review": Review.ACCEPTED, "search": "", "created_at": START,
        "created_by_name": "system",
    }  # fmt: skip


def _visit(facility: dict[str, Any], checklist: Checklist, number: int) -> dict[str, Any]:
    facts = FACTS | {"branch": BRANCHES[facility["id"].int % len(BRANCHES)]}
    moment = START + timedelta(days=number)
    return {
        "id": new_id(), "facility_id": facility["id"], "district_code": facility["district_code"],
        "checklist_id": checklist.id, "edition": checklist.edition,
        "checklist_hash": checklist.content_hash, "round": 1, "state": InspectionState.SUBMITTED,
        "inspector_name": "测速", "started_at": moment, "filed_at": moment, "facts": facts,
        "note": "", "no_photo_reason": "", "typed": {}, "content_hash": "",
    }  # fmt: skip


def _answers(
    visit: dict[str, Any], checklist: Checklist, dice: random.Random
) -> list[dict[str, Any]]:
    """One for every item, judged as filing would have."""
    given = {item.id: Answer.of(_value(item.type, item.fields, dice)) for item in checklist.items}
    judged = judge(checklist, given, facts_of(visit["facts"]))
    return [
        {
            "inspection_id": visit["id"], "item_id": item.id, "position": position,
            "state": "answered", "value": plain_value(typed_value(item, given[item.id].value)),
            "note": "", **_verdict(judged[item.id], dice), "facts": {},
            "unverified": False, "finding_id": None,
        }
        for position, item in enumerate(checklist.items)
        if judged[item.id].verdict is not Verdict.HIDDEN
    ]  # fmt: skip


def _verdict(judged: Judgement, dice: random.Random) -> dict[str, object]:
    """One in twenty as it is not, so that most visits are judged by their own edition as well."""
    if judged.verdict is Verdict.PASS and dice.random() < OTHERWISE:
        return {"verdict": Verdict.FAIL, "outcome": Outcome.BREACH}
    return {"verdict": judged.verdict, "outcome": judged.outcome}


def _value(kind: ItemType, fields: tuple[Field, ...], dice: random.Random) -> object:
    if kind is ItemType.GROUP:
        return {one.id: _value(one.type, (one,), dice) for one in fields}
    options = [option.id for option in fields[0].options]
    match kind:
        case ItemType.YESNO:
            return dice.random() < 0.8
        case ItemType.CHOICE:
            return dice.choice(options)
        case ItemType.CHOICES:
            return tuple(one for one in options if dice.random() < 0.7)
        case ItemType.TEXT:
            return "无"
        case _:
            return dice.randrange(1, 2000)


if __name__ == "__main__":
    main()
