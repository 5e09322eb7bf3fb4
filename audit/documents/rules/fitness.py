"""Which findings may stand in which paper, and on which article an order rests. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit.checklists.rules import Outcome
from audit.facilities.rules import FacilityKind

from .kinds import Article, Kind

MOST = 50  # findings in one paper
INFORMATION = frozenset({FacilityKind.WEBSITE, FacilityKind.APP, FacilityKind.KIOSK})
SERVICES = frozenset({FacilityKind.SERVICE, FacilityKind.EVENT})


class Unfit(StrEnum):
    """Why a finding cannot stand in a paper."""

    NOT_CONFIRMED = "not_confirmed"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_DISTRICT = "other_district"
    NO_ORGANISATION = "no_organisation"
    UNVERIFIED = "unverified"
    OLDER = "older"
    NO_RIGHT = "no_right"
    OTHER_DEPARTMENT = "other_department"
    NEVER_RECHECKED = "never_rechecked"
    NO_PROCURATORATE = "no_procuratorate"


@dataclass(frozen=True)
class Candidate:
    """A finding that was ticked. `is_living`: confirmed, and neither closed nor rejected;
    `is_referred`: to the procuratorate, and not withdrawn or merged since."""

    number: str
    kind: FacilityKind
    outcome: str
    organisation_id: UUID | None
    department_id: UUID | None
    district: str
    is_living: bool
    is_verified: bool
    was_rechecked: bool
    is_referred: bool = False


@dataclass(frozen=True)
class Sender:
    """Who drafts: in which districts (None: all), and for which organisation."""

    districts: frozenset[str] | None
    organisation_ids: frozenset[UUID]


def unfit(one: Candidate, first: Candidate, kind: Kind, sender: Sender) -> Unfit | None:
    """`first`: the first of those ticked that has an organisation; a paper goes to one, but a pack
    to the procuratorate, of whomever it speaks."""
    if kind is not Kind.PACK and one.organisation_id is None:
        return Unfit.NO_ORGANISATION
    if kind is not Kind.PACK and one.organisation_id != first.organisation_id:
        return Unfit.OTHER_ORGANISATION
    if one.district != first.district:
        return Unfit.OTHER_DISTRICT
    if sender.districts is not None and one.district not in sender.districts:
        return Unfit.NO_RIGHT
    return _unfit_for(one, kind, sender)


def _unfit_for(one: Candidate, kind: Kind, sender: Sender) -> Unfit | None:
    if kind is Kind.RECORD:
        return None if one.was_rechecked else Unfit.NEVER_RECHECKED
    if kind is Kind.REPLY:
        return None
    if kind is Kind.PACK and one.is_referred:
        return None
    if not one.is_living:
        return Unfit.NOT_CONFIRMED
    return _unfit_to_order(one, sender) if kind is Kind.ORDER else None


def _unfit_to_order(one: Candidate, sender: Sender) -> Unfit | None:
    """What is not verified, and what met no rule when it was built, is nobody's breach."""
    if not one.is_verified:
        return Unfit.UNVERIFIED
    if one.outcome in {Outcome.BELOW, Outcome.ADVICE}:
        return Unfit.OLDER
    is_ours = one.department_id is None or one.department_id in sender.organisation_ids
    return None if is_ours else Unfit.OTHER_DEPARTMENT


def proposed_article(candidates: Iterable[Candidate]) -> Article:
    """That of most of them; of equals the first in the law."""
    found = [article_of(one) for one in candidates]
    return max(sorted(set(found)), key=found.count) if found else Article.NONE


def article_of(one: Candidate) -> Article:
    if one.kind in INFORMATION:
        return Article.INFORMATION
    if one.kind in SERVICES or one.outcome == Outcome.SERVICE:
        return Article.SERVICE
    return Article.UPKEEP if one.outcome == Outcome.UPKEEP else Article.BUILD


def first_with_organisation(candidates: Collection[Candidate]) -> Candidate | None:
    return next((one for one in candidates if one.organisation_id is not None), None)
