"""Two findings that are one problem: one goes on for both. Both keep what was found, with its
pictures and steps."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.db import db
from audit.core.errors import Invalid
from audit.geo.points import Point

from ..models import Finding
from ..queries import merged_into
from ..rules import OPEN_STATES, Verb
from .steps import note

NEARBY_M = 250


def check_main(finding: Finding, main: Finding | None) -> Finding:
    """Which goes on. Raises `Invalid` where it cannot: a finding into which others were merged
    stays one, so that from a merged one it is a single step to where its problem is seen to."""
    return _checked(finding, main, _why_no_main(finding, main))


def _checked(finding: Finding, main: Finding | None, problem: object) -> Finding:
    if main is None or problem:
        raise Invalid({"main": problem})
    return main


def _why_no_main(finding: Finding, main: Finding | None) -> object:
    if main is None or main.id == finding.id:
        return _("请填另一个您看得到的问题的编号，如 ZY-2026-000123。")
    if main.merged_into is not None:
        there = main.merged_into.number
        return _("%(one)s 已经并入 %(main)s，请并到那里。", one=main.number, main=there)
    if main.state not in OPEN_STATES:
        return _("%(number)s 已经办结，不能再并进去。", number=main.number)
    if merged := merged_into(finding):
        numbers = "、".join(one.number for one in merged)
        return _("%(numbers)s 并在这里。请反过来并，或者先撤销那些并案。", numbers=numbers)
    if not _is_nearby(finding, main):
        return _("%(number)s 离这里超过 %(metres)s 米。", number=main.number, metres=NEARBY_M)
    return ""


def _is_nearby(finding: Finding, main: Finding) -> bool:
    if finding.facility_id == main.facility_id:
        return True
    if finding.lon is None or finding.lat is None or main.lon is None:
        return False
    return main.facility.metres_from(Point(finding.lon, finding.lat)) <= NEARBY_M


def named_main(main: Finding | None) -> dict[str, Any]:
    return {"main_id": str(main.id), "main": main.number} if main else {}


def tell_main(finding: Finding, verb: Verb, main_id: UUID, actor: Actor, why: str) -> None:
    """Write down at the main finding that another was merged into it, or is no longer."""
    main = db.session.get_one(Finding, main_id)
    beside = Verb.TAKE_IN if verb is Verb.MERGE else Verb.LET_GO
    detail = {"merged_id": str(finding.id), "merged": finding.number}
    note(main, beside, main.state, main.state, actor, why, detail)
