from audit.core.actors import Actor
from audit.journal.actions import record

from ..models import Assignment


def note(assignment: Assignment, verb: str, actor: Actor, **detail: object) -> None:
    """In the journal; never a secret, a name or a telephone number."""
    told = {
        "number": assignment.number,
        "organisation_id": str(assignment.organisation_id),
    } | detail
    record(actor, verb, "assignment", assignment.id, district=assignment.district_code, detail=told)
