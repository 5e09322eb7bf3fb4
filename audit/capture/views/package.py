"""What a device takes along, as one JSON text that changes only where something has."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, request, url_for

from audit.capture import queries
from audit.checklists.rules import Checklist, Text
from audit.core.actors import Actor, May
from audit.core.language import LANGUAGES
from audit.editions.queries import checklists_in_force
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.facilities.rules.kinds import KINDS
from audit.findings.models import Finding
from audit.findings.rules import STATES
from audit.inspections.models import Inspection
from audit.inspections.queries import checklist_of, count_missed
from audit.web.access import current_actor, needs

from .shell import bp


@bp.get("/package")
@needs(May.INSPECT, May.RECHECK)
def package() -> Response:
    actor = current_actor()
    answer = jsonify(_package(actor))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _package(actor: Actor) -> dict[str, Any]:
    known = set(FacilityKind)
    lists = [one for one in checklists_in_force() if known.intersection(one.kinds)]
    kinds = sorted({kind for one in lists for kind in one.kinds if kind in known})
    places, rechecks = queries.places_of(actor, kinds), queries.rechecks_for(actor)
    here = {one.id: one for one in [*places.rows, *(one.facility for one in rechecks)]}
    return {
        "contract": 1,
        "person": {"id": str(actor.id), "name": actor.name},
        "lists": [_list(one) for one in lists],
        "kinds": {kind: _both(KINDS[kind].title) for kind in sorted(KINDS)},
        "facilities": [_facility(one, lists) for one in here.values()],
        "facilities_total": places.total,
        "findings": [_finding(one) for one in queries.open_findings_for(actor)],
        "rechecks": [_recheck(one) for one in rechecks],
        "results": _results(queries.recent_inspections(actor)),
    }


def _recheck(one: Finding) -> dict[str, Any]:
    """With the edition that its re-check is made with, which need not be the one in force."""
    checklist = checklist_of(one)
    return {**_finding(one), "edition": checklist.edition, "pages": _pages(checklist)}


def _pages(one: Checklist) -> dict[str, str]:
    return {
        code: url_for("sync_lists.show", language=code, checklist_id=one.id, edition=one.edition)
        for code in LANGUAGES
    }


def _list(one: Checklist) -> dict[str, Any]:
    return {
        "id": one.id,
        "edition": one.edition,
        "hash": one.content_hash,
        "title": _both(one.title),
        "kinds": list(one.kinds),
        "pages": _pages(one),
    }


def _facility(one: Facility, lists: list[Checklist]) -> dict[str, Any]:
    facts = one.judged_facts()
    return {
        "id": str(one.id),
        "number": one.number,
        "name": one.name,
        "kind": one.kind,
        "address": one.address,
        "district": {"zh": one.district.name, "en": one.district.name_en or one.district.name},
        "lon": one.lon,
        "lat": one.lat,
        "facts": {**facts.values, "works": facts.works},
        "lists": [each.id for each in lists if one.kind in each.kinds],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "number": one.number,
        "facility": str(one.facility_id),
        "checklist": one.checklist_id,
        "item": one.rule_id,
        "title": {"zh": one.title_zh, "en": one.title_en},
        "severity": one.severity,
        "state": one.state,
    }


def _results(filed: Sequence[Inspection]) -> list[dict[str, Any]]:
    missed: Mapping[Any, Mapping[str, int]] = count_missed([one.id for one in filed])
    return [
        {
            "id": str(one.id),
            "facility": one.facility.name,
            "filed_at": one.filed_at.isoformat(),
            "url": url_for("inspections.show", inspection_id=one.id),
            "failed": missed.get(one.id, {}).get("fail", 0),
            "unsure": missed.get(one.id, {}).get("second_look", 0),
            "findings": [_told(each) for each in _findings_of(one)],
        }
        for one in filed
        if one.filed_at
    ]


def _findings_of(one: Inspection) -> list[Finding]:
    """What it opened, joined or re-checked."""
    if one.verifies is not None:
        return [one.verifies]
    return [answer.finding for answer in one.answers if answer.finding is not None]


def _told(one: Finding) -> dict[str, Any]:
    """How far it has come by now."""
    title, state = {"zh": one.title_zh, "en": one.title_en}, _both(STATES[one.state])
    return {"number": one.number, "title": title, "state": state}


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
