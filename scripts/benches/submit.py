"""Submissions of a complete 40-answer inspection, no photos, through the product's own server.

Goal: 60/s on two cores on SQLite in DELETE + FULL, 100/s on a repaired SQLite or PostgreSQL
(ODK Central publishes 41.2/s of a 250-question form). In the same run the database's own limit is
measured: bare transactions of one row, each synced to disk.
"""

import argparse
import http.client
import queue
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from audit.checklists.loader import get_checklist
from audit.checklists.rules import Checklist, Field, Item, ItemType
from audit.core.db import db, transaction
from audit.core.ids import new_id
from tests.factories import Factory

from .ground import live_server, percentile, say_database, scratch_app

PLACES, CLIENTS = 200, 16


@dataclass
class Tally:
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench submit", description=__doc__)
    parser.add_argument("--count", type=int, default=1200, help="how many inspections")
    parser.add_argument("--database-url", default="", help="default: SQLite in a scratch folder")
    options = parser.parse_args()
    with scratch_app(options.database_url) as app:
        say_database(app)
        places, login = _prepare(app)
        print(f"limit: {_bare_commits(app):.0f} bare synced transactions/s on this disk")
        with live_server(app) as port:
            _run(port, login, places, options.count)
        _check(app, options.count)


def _prepare(app: Flask) -> tuple[list[UUID], tuple[str, str]]:
    make = Factory(app)
    person = make.person("supervisor")
    return [make.toilet(name=f"公厕 {n}") for n in range(PLACES)], (person.login, person.password)


def _bare_commits(app: Flask, count: int = 100) -> float:
    with app.app_context():
        began = time.perf_counter()
        for number in range(count):
            with transaction() as session:
                session.execute(
                    text("INSERT INTO counter (series, last) VALUES (:name, 1)"),
                    {"name": f"bench-{number}"},
                )
        return count / (time.perf_counter() - began)


def _run(port: int, login: tuple[str, str], places: list[UUID], count: int) -> None:
    jobs: queue.SimpleQueue[UUID | None] = queue.SimpleQueue()
    for number in range(count):
        jobs.put(places[number % len(places)])
    clients = [_Client(port, login) for _ in range(CLIENTS)]
    tally, body = Tally(), answers(get_checklist("public-toilet"))
    for _ in clients:
        jobs.put(None)
    threads = [threading.Thread(target=one.work, args=(jobs, body, tally)) for one in clients]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    done = len(tally.seconds)
    print(
        f"submit: {done / took:.1f} inspections/s, {CLIENTS} clients, {done} filed, "
        f"{len(tally.failures)} failures, p50 {percentile(tally.seconds, 0.5) * 1000:.0f} ms, "
        f"p95 {percentile(tally.seconds, 0.95) * 1000:.0f} ms"
    )
    for reason in sorted(set(tally.failures))[:3]:
        print(f"  failed: {reason}")


class _Client:
    """One phone: signs in once, then files."""

    def __init__(self, port: int, login: tuple[str, str]) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        token = self._token("/account/login")
        fields = {"csrf_token": token, "login": login[0], "password": login[1]}
        self._post("/account/login", urlencode(fields))
        self._token_now = self._token("/account/password")

    def work(self, jobs: "queue.SimpleQueue[UUID | None]", body: str, tally: Tally) -> None:
        while (place := jobs.get()) is not None:
            fields = {
                "csrf_token": self._token_now,
                "facility": str(place),
                "action": "file",
                "checklist": "public-toilet",
                "no_photo_reason": "测速，不带照片",
            }
            began = time.perf_counter()
            cookies = dict(self._cookies)
            status = self._post(f"/inspections/{new_id()}", f"{urlencode(fields)}&{body}")
            self._cookies = cookies  # no page is opened that would show, and so drop, the message
            if status == http.client.SEE_OTHER:
                tally.seconds.append(time.perf_counter() - began)
            else:
                tally.failures.append(f"status {status}")

    def _post(self, path: str, body: str) -> int:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._sent()}
        self._line.request("POST", path, body, headers)
        return self._answer()[0]

    def _token(self, path: str) -> str:
        self._line.request("GET", path, headers={"Cookie": self._sent()})
        page = self._answer()[1]
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    def _answer(self) -> tuple[int, str]:
        answer = self._line.getresponse()
        body = answer.read().decode()
        for fresh in answer.headers.get_all("Set-Cookie", []):
            name, _, value = fresh.split(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, body

    def _sent(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())


def answers(checklist: Checklist) -> str:
    """A complete set of answers as a form: at the limits, so passing, but every 13th fails."""
    fields: list[tuple[str, str]] = []
    for place, item in enumerate(checklist.items):
        fields += _answer(item, fails=place % 13 == 12)
    return urlencode(fields)


def _answer(item: Item, fails: bool) -> list[tuple[str, str]]:
    group = item.type is ItemType.GROUP
    return [
        (f"{item.id}.{one.id}" if group else item.id, value)
        for one in item.fields
        for value in _values(item, one, fails)
    ]


def _values(item: Item, asked: Field, fails: bool) -> list[str]:
    limits = [one for one in item.limits if one.field in ("", asked.id) and not one.is_of_its_time]
    limit = limits[0] if limits else None
    options = [option.id for option in asked.options]
    if asked.type is ItemType.YESNO:
        good = bool(limit.values[0]) if limit and limit.values else True
        return ["yes" if good is not fails else "no"]
    if asked.type in (ItemType.CHOICE, ItemType.CHOICES):
        wanted = [str(value) for value in limit.values] if limit else options
        return wanted[:1] if asked.type is ItemType.CHOICE else wanted
    if asked.type is ItemType.TEXT:
        return ["无"]
    bound = (limit.value if limit.value is not None else limit.low) if limit else None
    return [str((bound or 1) + (1 if fails else 0))]


def _check(app: Flask, count: int) -> None:
    with app.app_context():
        filed = db.session.scalar(text("SELECT count(*) FROM inspection WHERE state='submitted'"))
        found = db.session.scalar(text("SELECT count(*) FROM finding"))
    print(f"kept: {filed} of {count} inspections in the database, {found} findings")


if __name__ == "__main__":
    main()
