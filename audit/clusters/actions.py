"""Put what may be one problem together; keep what people say of it."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.ids import new_id
from audit.findings.actions import Told, act
from audit.findings.models import Finding
from audit.findings.queries import merged_into
from audit.findings.rules import Verb
from audit.journal.actions import record

from . import queries
from .models import Cluster, ClusterMember, ClusterVerdict
from .rules import MERGEABLE, clusters, pair

LOOKED = _("看过两处的照片和位置，是同一个问题。")
Groups = Sequence[tuple[UUID, ...]]


def look_anew(ids: Collection[UUID]) -> None:
    """After something was said of these findings: what they and those suspected with them may be
    now. What else lies near is found at night."""
    scope = set(ids) | queries.members_of(set(queries.homes(ids).values()))
    settle(clusters(queries.spots(scope), queries.apart(scope)), queries.homes(scope))


def settle(groups: Groups, before: dict[UUID, UUID]) -> None:
    """Let the clusters be these groups. `before`: the cluster of each finding that had one. A
    cluster goes on in the group that holds most of its findings, so that its address stays."""
    db.session.flush()
    after = _named(groups, before)
    fresh = set(after.values()) - set(before.values())
    if fresh:
        made = [{"id": one, "made_at": now()} for one in sorted(fresh)]
        db.session.execute(db.insert(Cluster), made)
    moved = {finding for finding in before if after.get(finding) != before[finding]}
    _forget(sorted(moved))
    rows = [
        {"finding_id": finding, "cluster_id": cluster}
        for finding, cluster in after.items()
        if before.get(finding) != cluster
    ]
    if rows:
        db.session.execute(db.insert(ClusterMember), rows)
    _end(sorted(set(before.values()) - set(after.values())))
    db.session.expire_all()  # members of clusters that are at hand


def _named(groups: Groups, before: dict[UUID, UUID]) -> dict[UUID, UUID]:
    taken: set[UUID] = set()
    after: dict[UUID, UUID] = {}
    for group in sorted(groups, key=len, reverse=True):
        known = Counter(before[one] for one in group if one in before)
        old = next((one for one, _count in known.most_common() if one not in taken), None)
        cluster = old or new_id()
        taken.add(cluster)
        after |= dict.fromkeys(group, cluster)
    return after


AT_ONCE = 500


def _forget(findings: list[UUID]) -> None:
    for some in _chunks(findings):
        db.session.execute(db.delete(ClusterMember).where(ClusterMember.finding_id.in_(some)))


def _end(ended: list[UUID]) -> None:
    for some in _chunks(ended):
        db.session.execute(db.delete(Cluster).where(Cluster.id.in_(some)))


def _chunks(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def merge(main: Finding, others: Sequence[Finding], actor: Actor, why: str) -> None:
    """The others go on in the main one, and stand as judged the same. Raises as the step does."""
    for other in others:
        act(other, Verb.MERGE, actor, Told(why, main=main))
        judge(main, other, True, actor, why)
    look_anew([main.id, *(one.id for one in others)])


def say_same(one: Finding, other: Finding, actor: Actor) -> bool:
    """The office merges them at once, the first into the other where that can be; what somebody
    else says waits for the office. Whether they were merged."""
    if _may_merge(one, other, actor):
        for merged, main in ((one, other), (other, one)):
            if merged.state in MERGEABLE and not merged_into(merged):
                merge(main, [merged], actor, str(LOOKED))
                return True
    judge(one, other, True, actor)
    look_anew([one.id, other.id])
    return False


def _may_merge(one: Finding, other: Finding, actor: Actor) -> bool:
    return all(actor.may(May.CONFIRM, it.district_code) for it in (one, other))


def tell_apart(main: Finding, others: Sequence[Finding], actor: Actor, why: str) -> None:
    """The others are not the same as the main one."""
    for other in others:
        judge(main, other, False, actor, why)
    look_anew([main.id, *(one.id for one in others)])


def judge(one: Finding, other: Finding, is_same: bool, actor: Actor, why: str = "") -> None:
    """Keep what this person says of two findings. Neither of them changes."""
    first, second = pair(one.id, other.id)
    verdict = ClusterVerdict(
        id=new_id(), one_id=first, other_id=second, is_same=is_same, why=why.strip(), at=now(),
        by_id=actor.id, by_name=actor.name,
        by_office=_may_merge(one, other, actor),
    )  # fmt: skip
    db.session.add(verdict)
    detail = {"number": one.number, "other": other.number}
    verb = "say_same" if is_same else "tell_apart"
    record(
        actor, verb, "finding", one.id, district=one.district_code, why=why.strip(), detail=detail
    )
