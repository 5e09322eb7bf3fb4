"""What a view of the map costs the server, over many findings.

Goal: at 100,000 findings, 50 ms at the 95th percentile, from the request to the finished JSON,
over all zooms and with every filter; by the clock on a quiet machine, else by CPU, as it says. A
view is 1280 by 800 pixels, rounded outwards to tiles as the browser does, around a place where
there is something. In the same run a plain `lon BETWEEN … AND lat BETWEEN …` is measured, the query
that one would write first; and the page itself.

On PostgreSQL the figures are those of our process; its own server's work is in the waiting time.
"""

import argparse
import gc
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from audit.core.db import db
from audit.facilities.models import Facility
from audit.findings.models import Finding, MapCell
from audit.geo.cells import snapped
from audit.geo.points import Box, Point
from audit.maps.queries.grid import group_of
from tests.factories import Factory

from .ground import browser_of, percentile, say_database, scratch_app
from .town import Town, build_town

ZOOMS = range(6, 19)
WIDTH, HEIGHT, TILE = 1280, 800, 256
INSIDE = 1e-6  # as static/js/map/view.js draws its boxes in
GOAL_MS = 50
QUIET = 0.7  # load average of others; the bench itself makes 1

Ask = Callable[[str], int]


@dataclass
class Tally:
    """Milliseconds of CPU and of waiting, and kilobytes, of the answers of one kind."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    size: list[float] = field(default_factory=list)

    def take(self, ask: Ask, address: str) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        size = ask(address)
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.size.append(size / 1000)

    def add(self, other: "Tally") -> None:
        self.cpu += other.cpu
        self.wall += other.wall
        self.size += other.size


@dataclass
class Bench:
    """The browsers that ask, and where they look."""

    app: Flask
    town: Town
    views: int
    dice: random.Random

    def __post_init__(self) -> None:
        make = Factory(self.app)
        mine = self.town.organisations[0]
        self.whole = browser_of(self.app, make.person("coordinator", district=None))
        self.local = browser_of(self.app, make.person("supervisor"))
        self.owner = browser_of(self.app, make.person("supervisor", organisation=mine))

    def addresses(self, path: str, zoom: int) -> Iterator[str]:
        joint = "&" if "?" in path else "?"
        for _ in range(self.views):
            box = view_at(self.dice.choice(self.town.places), zoom, self.dice)
            edges = (box.west, box.south, box.east, box.north)
            yield f"{path}{joint}bbox={','.join(f'{edge:.6f}' for edge in edges)}&z={zoom}"

    def row(self, name: str, ask: Ask, path: str) -> tuple[float, float]:
        """Measure and print one line; gives its 95th percentiles of waiting and of CPU, over all
        zooms."""
        line, every = f"{name:32}", Tally()
        for zoom in ZOOMS:
            one = Tally()
            for address in self.addresses(path, zoom):
                one.take(ask, address)
            line += f"{percentile(one.cpu, 0.5):6.1f}/{percentile(one.cpu, 0.95):4.0f}"
            every.add(one)
        cpu, wait = percentile(every.cpu, 0.95), percentile(every.wall, 0.95)
        print(f"{line}{cpu:8.1f}{wait:8.1f}{percentile(every.size, 0.95):7.1f}", flush=True)
        return wait, cpu


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench map", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many findings")
    parser.add_argument("--views", type=int, default=30, help="how many views of each kind")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up town")
    parser.add_argument("--database-url", default="", help="default: SQLite in a scratch folder")
    parser.add_argument("--statistics", action="store_true", help="ANALYZE, which nobody must")
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311 -- a made-up town
    with scratch_app(options.database_url) as app:
        say_database(app)
        load = os.getloadavg()[0]
        began = time.perf_counter()
        town = build_town(app, options.count, dice, analyse=options.statistics)
        gc.collect()
        gc.freeze()  # the made-up town is no part of a server's memory
        print(f"town: {_counts(app)}, filled in {time.perf_counter() - began:.0f} s")
        wait, cpu = _measure(Bench(app, town, options.views, dice))
    end = os.getloadavg()[0]
    print(f"machine: load average {load:.1f} before, {end:.1f} at the end, of which 1 is ours")
    print(_verdict(wait, cpu, is_quiet=max(load, end - 1) < QUIET))


def _verdict(wait: float, cpu: float, *, is_quiet: bool) -> str:
    judged, by = (wait, "waiting") if is_quiet else (cpu, "CPU, for the machine was not quiet")
    return (
        f"goal: at most {GOAL_MS} ms at p95 in every row; the slowest has {wait:.1f} ms of waiting "
        f"and {cpu:.1f} ms of CPU: {'met' if judged <= GOAL_MS else 'missed'} by {by}"
    )


def _counts(app: Flask) -> str:
    with app.app_context():
        found = [
            db.session.scalar(select(func.count()).select_from(table))
            for table in (Finding, Facility, MapCell)
        ]
    return "{:,} findings at {:,} facilities, {:,} rows of counts".format(*found)


def _measure(bench: Bench) -> tuple[float, float]:
    """Gives the waiting and the CPU of the slowest rows."""
    print(f"ms of CPU, p50/p95 by zoom, {bench.views} views each; over all zooms p95 of CPU, of "
          "waiting (ms) and of size (kB)")  # fmt: skip
    print(" " * 32 + "".join(f"{f'z{zoom}':>11}" for zoom in ZOOMS) + "     CPU    wait   size")
    rows = [bench.row(name, asks(client), path) for name, client, path in _rows(bench)]
    with bench.app.app_context():
        bench.row("naive: lon, lat BETWEEN", _naive, "/")
    bench.row("unchanged (304)", _revalidates(bench.whole), "/map/findings")
    _pages(bench)
    return max(wait for wait, _ in rows), max(cpu for _, cpu in rows)


def _rows(bench: Bench) -> list[tuple[str, FlaskClient, str]]:
    whole, findings, facilities = bench.whole, "/map/findings?", "/map/facilities?"
    mine = bench.town.organisations[0]
    return [
        ("counts: everything", whole, findings),
        ("counts: open", whole, findings + "state=open"),
        ("counts: open, S1 and S2", whole, findings + "state=open&severity=S1&severity=S2"),
        ("counts: one district", whole, findings + "district=512002"),
        ("counts: open, at roads", whole, findings + "state=open&kind=road"),
        ("counts: supervisor of a county", bench.local, findings),
        ("counts and rows: with own firm", bench.owner, findings),
        ("rows: a word in places' names", whole, findings + urlencode({"q": "建设路"})),
        ("rows: a word in many titles", whole, findings + urlencode({"q": "坡道"})),
        ("rows: part of a number", whole, findings + urlencode({"q": "000123"})),
        ("rows: one organisation", whole, findings + f"organisation={mine}"),
        ("facilities: everything", whole, facilities),
        ("facilities: toilets, a word", whole, facilities + urlencode({"q": "路", "kind": "toilet"})),  # noqa: E501
    ]  # fmt: skip


def _pages(bench: Bench) -> None:
    for name, client, path in [
        ("page: findings", bench.whole, "/map/"),
        ("page: open, one district", bench.whole, "/map/?state=open&district=512002"),
        ("page: a word", bench.whole, "/map/?" + urlencode({"q": "建设路"})),
        ("page: facilities", bench.whole, "/map/?show=facilities"),
        ("page: supervisor of a county", bench.local, "/map/"),
    ]:
        tally = Tally()
        for _ in range(bench.views):
            tally.take(asks(client), path)
        cpu, wait, size = (percentile(one, 0.95) for one in (tally.cpu, tally.wall, tally.size))
        print(f"{name:32}{percentile(tally.cpu, 0.5):6.1f}/{cpu:4.0f} ms of CPU, "
              f"{wait:.0f} ms of waiting, {size:.0f} kB")  # fmt: skip


def view_at(place: Point, zoom: int, dice: random.Random) -> Box:
    """The tiles of a view whose middle lies somewhere around a place, as the browser asks."""
    pixel = 360 / (TILE * 2**zoom)
    east, north = WIDTH / 2 * pixel, HEIGHT / 2 * pixel * 0.865  # cos(30°): Mercator at Ziyang
    lon = place.lon + dice.uniform(-east / 2, east / 2)
    lat = place.lat + dice.uniform(-north / 2, north / 2)
    box = snapped(Box(lon - east, lat - north, lon + east, lat + north), zoom)
    return Box(box.west + INSIDE, box.south + INSIDE, box.east - INSIDE, box.north - INSIDE)


def asks(client: FlaskClient) -> Ask:
    def ask(address: str) -> int:
        answer = client.get(address)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address}: {answer.status}")
        return len(answer.data)

    return ask


def _revalidates(client: FlaskClient) -> Ask:
    """What an unchanged answer costs."""
    known: dict[str, str] = {}

    def ask(address: str) -> int:
        if not known:
            known[address] = client.get(address).headers["ETag"]
        first, version = next(iter(known.items()))
        answer = client.get(first, headers={"If-None-Match": version})
        if answer.status_code != HTTPStatus.NOT_MODIFIED:
            raise RuntimeError(f"{first}: {answer.status}")
        return len(answer.data)

    return ask


def _naive(address: str) -> int:
    """Count by cell where the place lies between the edges."""
    edges, zoom = address.split("bbox=")[1].split("&z=")
    west, south, east, north = (float(edge) for edge in edges.split(","))
    group = group_of(Finding.cell, int(zoom))
    rows = db.session.execute(
        select(func.avg(Finding.lon), func.avg(Finding.lat), Finding.severity, func.count())
        .where(Finding.lon.between(west, east), Finding.lat.between(south, north))
        .group_by(group, Finding.severity)
    ).all()
    return len(rows) * 40


if __name__ == "__main__":
    main()
