"""Two papers of the sample city: advice on what is being fixed, and a record of a re-check."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select

from audit.accounts.models import Organisation
from audit.core.actors import Actor
from audit.core.clock import at
from audit.core.db import db
from audit.documents.actions import Draft, approve, draft, keep_pictures, preview, submit
from audit.documents.queries import get_document, ticked_findings
from audit.documents.rules.content import digest
from audit.documents.rules.kinds import Article, Kind
from audit.documents.rules.wording import DEFAULTS
from audit.findings.models import Finding, FindingEvent
from audit.findings.queries import visible_to
from audit.findings.rules import State, Verb

from .cast import CITY_COORDINATOR, coordinator_for
from .telling import City, made_id

SOON = timedelta(minutes=4)
DAYS_TO_FIX = 30


def write_papers(city: City, moment: datetime) -> None:
    """Each drafted in its district and approved by the city soon after."""
    closed = select(FindingEvent.finding_id).where(FindingEvent.verb == Verb.PASS_RECHECK)
    about = {
        Kind.ADVICE: _first(Finding.state == State.DISPATCHED),
        Kind.RECORD: _first(Finding.id.in_(closed)),
    }
    for number, (kind, finding) in enumerate(about.items()):
        if finding is not None:
            _write(city, kind, finding, moment + number * 2 * SOON)


def _first(condition: ColumnElement[bool]) -> Finding | None:
    """Of a district that has a coordinator of its own."""
    rows = db.session.scalars(
        select(Finding)
        .where(condition, Finding.organisation_id.is_not(None))
        .order_by(Finding.number)
    )
    return next(
        (one for one in rows if coordinator_for(one.district_code) != CITY_COORDINATOR), None
    )


def _write(city: City, kind: Kind, finding: Finding, moment: datetime) -> None:
    drafter = city.actors[coordinator_for(finding.district_code)]
    second = city.actors[CITY_COORDINATOR]
    findings = ticked_findings([finding.number], visible_to(drafter))
    texts = _texts(kind, findings, drafter, moment.date() + timedelta(days=DAYS_TO_FIX))
    paper_id = made_id(moment, f"{city.seed}-paper-{kind}")
    with at(moment):
        made = draft(paper_id, Draft(kind, Article.NONE, findings, texts), drafter)
        submit(made, drafter)
    with at(moment + SOON):
        made = get_document(paper_id, second)
        keep_pictures(made)
        approve(made, digest(preview(made).plain()), second)


def _texts(kind: Kind, findings: Collection[Finding], drafter: Actor, due: date) -> dict[str, str]:
    office = db.session.get(Organisation, drafter.organisation_id)
    found = [event.actor_name for one in findings for event in one.events[:1]]
    return {
        **DEFAULTS.get(kind, {}),
        "issuer": office.name if office else "",
        "contact": drafter.name,
        "phone": "028-26110000",
        "inspectors": "、".join(dict.fromkeys(found)),
        "due": due.isoformat(),
    }
