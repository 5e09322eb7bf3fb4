"""条文待核 goes from open findings when their clause is confirmed, and comes back with a doubt."""

from collections.abc import Collection

from audit.core.actors import Actor
from audit.core.db import db
from audit.journal.actions import record

from ..models import Finding
from ..rules import OPEN_STATES


def mark_clauses(rule_ids: Collection[str], actor: Actor, *, unverified: bool, why: str) -> int:
    """Gives how many findings it concerned. What was measured and required does not change, only
    whether the number of the clause may be shown beside it."""
    found = db.session.scalars(
        db.select(Finding)
        .where(
            Finding.rule_id.in_(sorted(rule_ids)),
            Finding.state.in_(sorted(OPEN_STATES)),
            Finding.unverified.is_(not unverified),
        )
        .order_by(Finding.id)
    ).all()
    verb = "doubt_clause" if unverified else "confirm_clause"
    for finding in found:
        finding.unverified = unverified
        missed = [one | {"settled": not unverified} for one in finding.facts.get("missed", [])]
        finding.facts = finding.facts | {"missed": missed}
        record(actor, verb, "finding", finding.id, district=finding.district_code, why=why)
    return len(found)
