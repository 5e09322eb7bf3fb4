"""A website from its first scan on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask

from audit.core import clock
from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.findings import actions as steps
from audit.findings.models import Finding, FindingEvent
from audit.findings.rules import Verb
from audit.webscan.actions import begin_scan, finish_scan, keep_page, request_scan
from audit.webscan.jobs import look_again
from audit.webscan.models import Scan, ScanState
from audit.webscan.rules.results import Kind, PageResult
from tests.factories import Factory

from .test_following import page, rule

FIRST, SECOND = "http://a/", "http://a/2"
MINUTES = timedelta(minutes=1)


@dataclass
class Story:
    """A website from its first scan on. Times are minutes since that scan."""

    app: Flask
    make: Factory

    def __post_init__(self) -> None:
        self.start = clock.now()
        self.owner = self.make.organisation()
        self.site = self.make.facility(FacilityKind.WEBSITE, organisation=self.owner, url=FIRST)
        self.people: dict[str, Actor] = {
            role: self.make.actor(role, **facts)
            for role, facts in {
                "coordinator": {},
                "department": {},
                "organisation": {"organisation": self.owner},
            }.items()
        }

    @contextmanager
    def at(self, minutes: float) -> Iterator[datetime]:
        with self.app.app_context(), clock.at(self.start + minutes * MINUTES):
            yield clock.now()

    def ask(self, minutes: float) -> UUID:
        """A person asks for a scan."""
        with self.at(minutes), transaction():
            site = db.session.get_one(Facility, self.site)
            return request_scan(site, self.people["coordinator"]).id

    def see(self, scan_id: UUID, minutes: float, *pages: PageResult) -> UUID:
        """The scan sees these pages and ends."""
        with self.at(minutes) as moment:
            with transaction():
                scan = db.session.get_one(Scan, scan_id)
                begin_scan(scan)
                known = len(scan.pages)
                for position, one in enumerate(pages, start=known + 1):
                    keep_page(scan_id, position, one)
            with transaction():
                finish_scan(db.session.get_one(Scan, scan_id))
            assert moment == clock.now()
        return scan_id

    def first_scan(self, *pages: PageResult) -> None:
        self.see(self.ask(0), 0, *pages)
        with self.at(1):
            for name in self.rules():
                self.step(
                    name, lambda one: steps.act(one, Verb.CONFIRM, self.people["coordinator"])
                )
                self.step(
                    name, lambda one: steps.dispatch(one, self.people["department"], self.owner)
                )

    def rules(self) -> list[str]:
        return sorted(db.session.scalars(db.select(Finding.rule_id)))

    def step(self, name: str, act: Callable[[Finding], object]) -> None:
        with transaction():
            act(db.session.scalars(db.select(Finding).where(Finding.rule_id == name)).one())

    def report(self, minutes: float, *names: str) -> None:
        with self.at(minutes):
            for name in names or self.rules():
                self.step(
                    name,
                    lambda one: steps.report_fixed(one, self.people["organisation"], "已改。", []),
                )

    def tick(self, minutes: float) -> list[UUID]:
        """What the worker does once a minute; the scans that wait afterwards."""
        with self.at(minutes):
            look_again()
            waiting = db.select(Scan.id).where(Scan.state == ScanState.QUEUED)
            return list(db.session.scalars(waiting.order_by(Scan.requested_at)))

    def handed_over(self) -> str:
        """The number of a finding that the scanner has left to a person."""
        fault = rule("color-contrast")
        self.first_scan(page(FIRST, fault))
        self.report(20)
        [asked] = self.tick(30)
        self.see(asked, 31, page(FIRST, replace(fault, kind=Kind.QUESTION)))
        with self.at(32):
            return str(db.session.scalars(db.select(Finding.number)).one())

    def events(self, name: str = "axe:image-alt") -> list[FindingEvent]:
        found = db.select(FindingEvent).join(FindingEvent.finding).where(Finding.rule_id == name)
        return list(db.session.scalars(found.order_by(FindingEvent.seq)))
