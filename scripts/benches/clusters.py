"""How long the nightly search for duplicates takes over 100,000 living findings: from reading them
to the last row of the groups, then once more with nothing new. Limit: 30 s. Says too what the list
and the count on the desk cost then."""

import argparse
import random
import resource
import time
from collections.abc import Callable

from sqlalchemy import func, select, update

from audit.clusters.jobs import look_for_duplicates
from audit.clusters.models import Cluster, ClusterMember
from audit.clusters.queries import count_clusters, list_clusters
from audit.core.actors import Actor, Grant, Role
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.findings.models import Finding
from audit.findings.rules import State
from audit.queue.runs import Run

from .ground import say_database, scratch_app
from .town import build_town

LIMIT_S = 30
OFFICE = Actor(None, "测速", (Grant(Role.COORDINATOR, frozenset({"512002"})),))


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench clusters", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many living findings")
    parser.add_argument("--database", default="", help="address of another database")
    chosen = parser.parse_args()
    with scratch_app(chosen.database) as app:
        say_database(app)
        build_town(app, chosen.count, random.Random(1))  # noqa: S311 the same town every time
        with app.app_context():
            with transaction():
                db.session.execute(update(Finding).values(state=State.REPORTED))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            _measure("from nothing", chosen.count)
            more_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            _measure("once more", chosen.count)
            groups = db.session.scalar(select(func.count()).select_from(Cluster))
            members = db.session.scalar(select(func.count()).select_from(ClusterMember))
            print(f"{groups:,} groups of {members:,} findings, {more_mb:.0f} MB more memory")
            print(f"list page: {_seconds(lambda: list_clusters(OFFICE)) * 1000:.0f} ms")
            print(f"count: {_seconds(lambda: count_clusters(OFFICE)) * 1000:.0f} ms")


def _measure(name: str, count: int) -> None:
    seconds = _seconds(lambda: look_for_duplicates(Run(new_id(), 1)))
    print(f"{count:,} findings, {name}: {seconds:.1f} s; limit {LIMIT_S} s")


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
