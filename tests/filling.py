"""Rows for tables that hang on nothing which the factories do."""

from uuid import UUID

from sqlalchemy import select

from audit.accounts.models import LoginThrottle
from audit.accounts.rules import OrganisationKind
from audit.assignments.actions.links import begin_use
from audit.assignments.models import AssignmentLink
from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.findings.models import Finding, FindingAssistant
from audit.inspections.models import Inspection, InspectionPhoto, InspectionReceipt
from audit.inspections.rules.filing import Receipt
from audit.photos.models import PhotoCover
from audit.queue.models import JobRun, RunState
from audit.rejudging.models import RejudgingCount, RejudgingRow
from audit.rejudging.rules import Change
from audit.routing.actions import choose_route
from audit.routing.rules import Route
from audit.routing.rules import Scope as RouteScope
from audit.standards.actions import confirm_clause
from tests.factories import NARROW_STALL, YANJIANG, Factory


def fill_the_rest(make: Factory, preview: UUID, office: Actor, words: str) -> None:
    """What hangs on nothing that the factories do: a picture at an item, covered; a wrong sign-in;
    a verdict that would change."""
    visit = make.inspection(make.toilet(), make.actor(), NARROW_STALL)
    picture = make.photo(make.actor())
    office_of = make.organisation(words + "科", OrganisationKind.DEPARTMENT)
    with transaction() as session:
        place = session.get_one(Inspection, visit).facility_id
        session.add(InspectionPhoto(inspection_id=visit, photo_id=picture, item_id="x", position=0))
        session.add(
            PhotoCover(
                id=new_id(),
                photo_id=picture,
                boxes=[[0.1, 0.2, 0.3, 0.4]],
                why=words,
                covered_at=now(),
                covered_by_name=words,
            )
        )
        session.add(
            InspectionReceipt(
                inspection_id=visit,
                digest="d" * 64,
                sender_id=office.id,
                sender_name=words,
                device=new_id(),
                counter=2**40,
                told_at=None,
                received_at=now(),
                outcome=next(iter(Receipt)),
                content={"note": words},
            )
        )
        finding = session.scalars(select(Finding.id).limit(1)).one()
        session.add(FindingAssistant(finding_id=finding, organisation_id=office_of))
        session.add(LoginThrottle(key="x" * 64, failures=3, last_at=now(), open_at=now()))
        session.add(
            JobRun(
                id=new_id(),
                job="x",
                arguments={"of": words},
                state=RunState.DONE,
                created_at=now(),
            )
        )
        told = {
            "rejudging_id": preview,
            "item_id": "wc-latch",
            "district_code": YANJIANG,
            "change": Change.OTHER,
        }
        session.add(RejudgingCount(**told, answers=2, latest=1))
        session.add(
            RejudgingRow(
                **told,
                inspection_id=visit,
                facility_id=place,
                was="pass",
                becomes="fail",
                latest=True,
            )
        )
        confirm_clause(new_id(), "GB55019 3.2.2", ["a" * 32], "12", words, office)
        choose_route(RouteScope(kind="toilet"), Route(office_of), words, office)
        link = session.scalars(select(AssignmentLink)).first()
        assert link is not None
        begin_use(link, "192.0.2.1")
