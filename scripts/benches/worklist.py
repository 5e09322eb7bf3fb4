"""What the pages of daily work cost the server: lists, the desk, supervision, figures, workload.

Goal: at 100,000 findings with 1,000,000 events, each page within 300 ms at the 95th percentile,
from the request to the finished page; by the clock on a quiet machine, else by CPU. The findings
were opened within 2025; the clock stands at the end of that year.

On PostgreSQL the figures hold its own server's work too.
"""

import argparse
import gc
import os
import random
import time
from datetime import datetime
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from audit.core.clock import HERE, at
from audit.core.db import db, transaction
from audit.findings.models import Finding, FindingEvent
from tests.factories import Factory

from .ground import browser_of, percentile, say_database, scratch_app
from .lives import give_lives
from .map import QUIET, Tally, asks
from .town import Town, build_town

GOAL_MS = 300
NOW = datetime(2025, 12, 20, 10, tzinfo=HERE)
EVENTS_EACH = 10
Visit = tuple[str, FlaskClient, str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench worklist", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many findings")
    parser.add_argument("--visits", type=int, default=20, help="how many of each page")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up town")
    parser.add_argument("--database-url", default="", help="default: SQLite in a scratch folder")
    parser.add_argument("--statistics", action="store_true", help="ANALYZE, which nobody must")
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 -- a made-up town
    with scratch_app(options.database_url) as app, at(NOW):
        say_database(app)
        load, began = os.getloadavg()[0], time.perf_counter()
        town = build_town(app, options.count, dice, analyse=False)
        give_lives(app, EVENTS_EACH, dice)
        if options.statistics:
            with app.app_context(), transaction() as session:
                session.execute(text("ANALYZE"))
        gc.collect()
        gc.freeze()  # the made-up town is no part of a server's memory
        print(f"{_counts(app)}, made in {time.perf_counter() - began:.0f} s", flush=True)
        print(f"ms of waiting p50/p95, of CPU p95, kB; {options.visits} visits each")
        taken = [_measure(one, options.visits) for one in _visits(app, town)]
    end = os.getloadavg()[0]
    print(f"machine: load average {load:.1f} before, {end:.1f} at the end, of which 1 is ours")
    print(_verdict(taken, is_quiet=max(load, end - 1) < QUIET))


def _verdict(taken: list[tuple[float, float]], *, is_quiet: bool) -> str:
    wait, cpu = (max(one[of] for one in taken) for of in (0, 1))
    judged, by = (wait, "waiting") if is_quiet else (cpu, "CPU, for the machine was not quiet")
    return (
        f"goal: at most {GOAL_MS} ms at p95 on every page; the slowest has {wait:.0f} ms of "
        f"waiting and {cpu:.0f} ms of CPU: {'met' if judged <= GOAL_MS else 'missed'} by {by}"
    )


def _counts(app: Flask) -> str:
    with app.app_context():
        found = [
            db.session.scalar(select(func.count()).select_from(table))
            for table in (Finding, FindingEvent)
        ]
    return "{:,} findings with {:,} events".format(*found)


def _measure(visit: Visit, visits: int) -> tuple[float, float]:
    """95th percentiles of waiting and of CPU."""
    name, client, path = visit
    tally, ask = Tally(), asks(client)
    ask(path)  # compiles its templates
    for _ in range(visits):
        tally.take(ask, path)
    wait, cpu, size = (percentile(one, 0.95) for one in (tally.wall, tally.cpu, tally.size))
    print(f"{name:44}{percentile(tally.wall, 0.5):7.0f}/{wait:5.0f}{cpu:7.0f}{size:7.0f}",
          flush=True)  # fmt: skip
    return wait, cpu


def _visits(app: Flask, town: Town) -> list[Visit]:
    make = Factory(app)
    with app.app_context():
        department = db.session.scalars(
            select(Finding.department_id).where(Finding.department_id.is_not(None)).limit(1)
        ).one()
        number = db.session.scalars(select(Finding.number).limit(1)).one()
    owner = town.organisations[0]
    city = browser_of(app, make.person("coordinator", district=None))
    local = browser_of(app, make.person("supervisor"))
    office = browser_of(
        app, make.person("department", district=None, organisation=department)
    )  # fmt: skip
    firm = browser_of(app, make.person("organisation", organisation=owner))
    return [
        *_lists(city, department, owner),
        ("findings: supervisor of a county", local, "/findings/"),
        ("findings: an organisation", firm, "/findings/"),
        ("a finding", city, f"/findings/{number}"),
        ("desk: coordinator", city, "/"),
        ("desk: department", office, "/"),
        ("desk: supervisor of a county", local, "/"),
        ("desk: an organisation", firm, "/"),
        ("supervision", city, "/statistics/supervision"),
        ("supervision of a county", local, "/statistics/supervision"),
        ("workload", city, "/routing/workload"),
        *_figures(city, "/statistics/?from=2025-01&to=2025-12"),
        ("statistics: a department", office, f"/statistics/?department={department}"),
        ("statistics: an organisation", firm, "/statistics/"),
    ]


def _lists(city: FlaskClient, department: object, owner: object) -> list[Visit]:
    asked = {
        "open": "", "everything": "state=all", "closed": "state=closed",
        "one district": "district=512021", "S1 and S2": "severity=S1&severity=S2",
        "late": "late=late", "grossly late": "late=gross", "soon late": "late=soon",
        "a department": f"department={department}", "an organisation": f"organisation={owner}",
        "a word": urlencode({"q": "建设路"}), "returned": "returned=1",
        "to re-check, by people": "state=fixed&by=person", "page 900": "page=900",
        "in time, a year": "figure=in_time&from=2025-01&to=2025-12",
        "received, a month": "figure=received&from=2025-06",
    }  # fmt: skip
    return [(f"findings: {name}", city, f"/findings/?{query}") for name, query in asked.items()]


def _figures(city: FlaskClient, year: str) -> list[Visit]:
    asked = {name: f"&by={name}" for name in ("district", "department", "organisation", "month")}
    asked |= {
        "S1, by month": "&by=month&severity=S1",
        "roads, by district": "&kind=road",
        "district, by organisation": "&by=organisation&district=512002",
    }
    return [(f"statistics: {name}", city, year + query) for name, query in asked.items()] + [
        ("statistics: one month", city, "/statistics/?from=2025-06")
    ]


if __name__ == "__main__":
    main()
