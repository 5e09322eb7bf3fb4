from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import case as when
from sqlalchemy.orm import aliased, joinedload, selectinload

from audit.core.actors import Actor, May
from audit.core.db import db
from audit.core.errors import NotFound
from audit.facilities.models import Facility
from audit.findings.models import Finding, FindingEvent, FindingPhoto
from audit.findings.queries import visible_to
from audit.findings.rules import OPEN_STATES, Source
from audit.geo.cells import ZOOM, cell_ranges
from audit.geo.points import Box, Point, moved
from audit.inspections.models import Inspection, InspectionAnswer
from audit.inspections.queries import STANDS

from .models import Cluster, ClusterMember, ClusterVerdict
from .rules import MERGEABLE, REACH_M, Near, Pair, Spot, nearest

PER_PAGE = 10


def suspects() -> ColumnElement[bool]:
    """What takes part: living findings of visits to a place. The scanner finds the same thing
    again by itself."""
    return and_(
        Finding.source == Source.INSPECTION,
        Finding.state.in_(sorted(OPEN_STATES)),
        Finding.lon.is_not(None),
    )


def spots(ids: Collection[UUID] | None = None) -> list[Spot]:
    """Of these findings, or of all that take part."""
    query = select(
        Finding.id, Finding.lon, Finding.lat, Finding.rule_id, Finding.facility_id, Facility.facts
    ).join(Finding.facility)
    query = query.where(suspects())
    if ids is not None:
        query = query.where(Finding.id.in_(ids))
    visits = _visits(ids)
    return [
        Spot(
            id=finding_id,
            place=Point(lon, lat),
            kind=rule,
            facility=facility,
            visits=frozenset(visits.get(finding_id, ())),
            side=str(facts.get("side", "")),
            storey=str(facts.get("storey", "")),
        )
        for finding_id, lon, lat, rule, facility, facts in db.session.execute(query)
    ]


def _visits(ids: Collection[UUID] | None) -> Mapping[UUID, list[UUID]]:
    """The inspections in which each of them was found or looked at."""
    query = (
        select(InspectionAnswer.finding_id, InspectionAnswer.inspection_id)
        .join(Inspection, Inspection.id == InspectionAnswer.inspection_id)
        .where(STANDS)
    )
    if ids is None:
        query = query.join(InspectionAnswer.finding).where(suspects())
    else:
        query = query.where(InspectionAnswer.finding_id.in_(ids))
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for finding, visit in db.session.execute(query):
        if finding is not None:
            found[finding].append(visit)
    return found


def verdicts(ids: Collection[UUID] | None = None) -> dict[Pair, ClusterVerdict]:
    """The one that counts of each pair that somebody has judged; `ids`: of pairs in which one of
    these is."""
    query = select(ClusterVerdict).order_by(ClusterVerdict.by_office, ClusterVerdict.id)
    if ids is not None:
        query = query.where(or_(ClusterVerdict.one_id.in_(ids), ClusterVerdict.other_id.in_(ids)))
    return {(one.one_id, one.other_id): one for one in db.session.scalars(query)}


def apart(ids: Collection[UUID] | None = None) -> set[Pair]:
    return {pair for pair, one in verdicts(ids).items() if not one.is_same}


def last_verdict() -> UUID | None:
    """By which one sees that somebody judged meanwhile."""
    query = select(ClusterVerdict.id).order_by(ClusterVerdict.id.desc()).limit(1)
    return db.session.scalar(query)


def homes(ids: Collection[UUID] | None = None) -> dict[UUID, UUID]:
    """The cluster of each finding that has one."""
    query = select(ClusterMember.finding_id, ClusterMember.cluster_id)
    if ids is not None:
        query = query.where(ClusterMember.finding_id.in_(ids))
    return dict(db.session.execute(query).all())


def members_of(cluster_ids: Collection[UUID]) -> set[UUID]:
    query = select(ClusterMember.finding_id).where(ClusterMember.cluster_id.in_(cluster_ids))
    return set(db.session.scalars(query))


def _shown_to(actor: Actor) -> Select[UUID]:
    """Clusters for whoever may confirm in the districts of all their findings, while two of these
    live and one of them can still be merged."""
    codes = actor.districts_for(May.CONFIRM)
    living = _how_many(Finding.state.in_(sorted(OPEN_STATES)))
    query = (
        select(ClusterMember.cluster_id)
        .join(ClusterMember.finding)
        .group_by(ClusterMember.cluster_id)
        .having(and_(living > 1, _how_many(Finding.state.in_(sorted(MERGEABLE))) > 0))
    )
    if codes is None:
        return query
    return query.having(_how_many(Finding.district_code.not_in(codes)) == 0)


def _how_many(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(when((holds, 1), else_=0))


def _proposed() -> Select[UUID]:
    """Clusters with two findings of which somebody said that they are the same."""
    one, other = aliased(ClusterMember), aliased(ClusterMember)
    return (
        select(one.cluster_id)
        .join(ClusterVerdict, ClusterVerdict.one_id == one.finding_id)
        .join(other, ClusterVerdict.other_id == other.finding_id)
        .where(one.cluster_id == other.cluster_id, ClusterVerdict.is_same)
    )


def count_clusters(actor: Actor) -> int:
    return db.session.scalar(select(func.count()).select_from(_shown_to(actor).subquery())) or 0


def list_clusters(actor: Actor, page: int = 1) -> tuple[Sequence[Cluster], int]:
    """One page, those first of which somebody said that they are one problem, then the latest; and
    how many there are in all."""
    rows = db.session.scalars(
        _with_findings(select(Cluster).where(Cluster.id.in_(_shown_to(actor))))
        .order_by(when((Cluster.id.in_(_proposed()), 0), else_=1), Cluster.id.desc())
        .limit(PER_PAGE)
        .offset((max(page, 1) - 1) * PER_PAGE)
    ).all()
    return rows, count_clusters(actor)


def get_cluster(cluster_id: UUID, actor: Actor) -> Cluster:
    """Raises `NotFound` also across districts."""
    query = select(Cluster).where(Cluster.id == cluster_id, Cluster.id.in_(_shown_to(actor)))
    found = db.session.scalar(_with_findings(query))
    if found is None:
        raise NotFound
    return found


def _with_findings(query: Select[Cluster]) -> Select[Cluster]:
    finding = selectinload(Cluster.members).joinedload(ClusterMember.finding)
    return query.options(
        finding.joinedload(Finding.facility),
        finding.selectinload(Finding.events)
        .selectinload(FindingEvent.photos)
        .joinedload(FindingPhoto.photo),
    )


def may_be_same(findings: Sequence[Finding], actor: Actor) -> dict[UUID, list[Near]]:
    """Of each of these findings, which stand at one place, the living ones at other places nearby
    that may be the same and that this person may see, the nearest first; without what somebody has
    judged already. None of the scanner's."""
    asked = [one for one in findings if one.source is Source.INSPECTION and one.lon is not None]
    if not asked:
        return {}
    near = select(Finding.id).where(
        suspects(),
        visible_to(actor),
        Finding.rule_id.in_({one.rule_id for one in asked}),
        _in(_around(asked[0])),
    )
    ids = set(db.session.scalars(near)) | {one.id for one in asked}
    judged, known = verdicts(ids), {one.id: one for one in spots(ids)}
    found = {
        one.id: nearest(known[one.id], known.values(), judged) for one in asked if one.id in known
    }
    return {finding: others for finding, others in found.items() if others}


def _around(finding: Finding) -> Box:
    if finding.lon is None or finding.lat is None:
        raise ValueError("it has no place")
    middle = Point(finding.lon, finding.lat)
    low = moved(middle, east_m=-REACH_M, north_m=-REACH_M)
    high = moved(middle, east_m=REACH_M, north_m=REACH_M)
    return Box(low.lon, low.lat, high.lon, high.lat)


def _in(box: Box) -> ColumnElement[bool]:
    return or_(*(Finding.cell.between(low, high) for low, high in cell_ranges(box, ZOOM)))


def findings_by_id(ids: Collection[UUID]) -> dict[UUID, Finding]:
    query = select(Finding).where(Finding.id.in_(ids)).options(joinedload(Finding.facility))
    return {one.id: one for one in db.session.scalars(query)}
