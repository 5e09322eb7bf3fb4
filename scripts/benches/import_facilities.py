"""How long 20,000 facilities of one GeoJSON take, with 50 bad rows in it: read, tried, added by
the worker's own job, and undone. Limit: 60 s for reading, trying and adding."""

import argparse
import json
import random
import time
from collections.abc import Callable
from typing import TypeVar

from audit.accounts.actions import add_user
from audit.accounts.queries import actor_of, find_active_user
from audit.core.actors import SYSTEM, Actor, Role
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.facilities.models import Facility
from audit.queue.models import JobRun
from audit.queue.runs import do
from audit.transfer import actions
from audit.transfer.forms import try_rows
from audit.transfer.models import FacilityImport
from audit.transfer.queries import all_rows, count_rows
from audit.transfer.rules.columns import Plan, guessed
from audit.transfer.rules.reading import read_file
from audit.transfer.rules.states import RowState

from .ground import say_database, scratch_app

LIMIT_S = 60
BAD = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with scratch_app() as app, app.test_request_context():
        say_database(app)
        with transaction():
            user, _password = add_user("bench", "测速", [(Role.COORDINATOR, None)], SYSTEM)
            user_id = user.id
        if found := find_active_user(user_id):
            _measure(actor_of(found), rows)


def _measure(actor: Actor, rows: int) -> None:
    raw = _geojson(rows)
    import_id = new_id()
    table, read_s = _timed(lambda: read_file(raw))
    plan = Plan(guessed(table.columns))
    with transaction():
        actions.keep_file(import_id, "bench.geojson", table, actor)
    trial, try_s = _timed(lambda: try_rows(all_rows(import_id), plan, actor))
    with transaction():
        kept = db.session.get_one(FacilityImport, import_id)
        actions.keep_trial(kept, plan, trial.rows, trial.offers, actor)
        actions.start_adding(kept, actor)
    _none, add_s = _timed(_work)
    counts = count_rows(import_id)
    print(f"read {read_s:.1f} s, tried {try_s:.1f} s, added {add_s:.1f} s: "
          f"{counts[RowState.ADDED]:,} added, {counts[RowState.BAD]} bad rows named, "
          f"{counts.get(RowState.TWIN, 0)} twins; {read_s + try_s + add_s:.1f} s, "
          f"limit {LIMIT_S} s")  # fmt: skip
    with transaction():
        actions.start_undoing(db.session.get_one(FacilityImport, import_id), actor)
    _none, undo_s = _timed(_work)
    left = db.session.scalar(
        db.select(db.func.count()).select_from(Facility).where(Facility.active)
    )
    print(f"undone in {undo_s:.1f} s: {left} left on the register")


def _work() -> None:
    for run in db.session.scalars(db.select(JobRun.id).where(JobRun.state == "queued")).all():
        do(str(run))


Found = TypeVar("Found")


def _timed(what: Callable[[], Found]) -> tuple[Found, float]:
    began = time.perf_counter()
    return what(), time.perf_counter() - began


def _geojson(rows: int) -> bytes:
    chance = random.Random(1)  # noqa: S311 the same rows every time
    bad = set(chance.sample(range(rows), BAD))
    features = [_feature(number, chance, number in bad) for number in range(rows)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _feature(number: int, chance: random.Random, is_bad: bool) -> dict[str, object]:
    place = [104.60 + chance.random() * 0.08, 30.09 + chance.random() * 0.08]  # in Yanjiang
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": ["x", "y"] if is_bad else place},
        "properties": {
            "名称": f"{number} 号公厕", "类别": "公共厕所", "区县": "雁江区", "建成日期": "2023",
        },
    }  # fmt: skip


if __name__ == "__main__":
    main()
