"""Who acts, and what a role may do. Plain values, so that any room may ask."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    DEPARTMENT = "department"
    PLANNER = "planner"
    ORGANISATION = "organisation"
    ASSESSOR = "assessor"
    PROSECUTOR = "prosecutor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SECURITY = "security"


class May(StrEnum):
    """One thing that a person may be allowed to do."""

    SEE_FACILITIES = "see_facilities"
    ADD_FACILITY = "add_facility"
    EDIT_FACILITY = "edit_facility"
    INSPECT = "inspect"
    SEE_INSPECTIONS = "see_inspections"
    SEE_FINDINGS = "see_findings"
    SEE_STATISTICS = "see_statistics"
    CONFIRM = "confirm"
    DISPATCH = "dispatch"
    REPORT_FIXED = "report_fixed"
    RECHECK = "recheck"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    REFER = "refer"
    ADD_NOTE = "add_note"
    SEE_MAP = "see_map"
    SEE_SCANS = "see_scans"
    REQUEST_SCAN = "request_scan"
    OPEN_ORIGINALS = "open_originals"
    COVER_PHOTOS = "cover_photos"
    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    SEE_ORGANISATIONS = "see_organisations"
    MANAGE_ORGANISATIONS = "manage_organisations"
    SEE_JOURNAL = "see_journal"
    SEE_SETTINGS = "see_settings"
    CHOOSE_SETTINGS = "choose_settings"
    CHOOSE_SECURITY = "choose_security"
    CONFIRM_CLAUSE = "confirm_clause"
    SHARE_VIEWS = "share_views"
    DECIDE_EDITION = "decide_edition"
    ASSIGN = "assign"
    SEE_DOCUMENTS = "see_documents"
    SEE_PACKS = "see_packs"
    ADVISE = "advise"
    APPROVE_ADVICE = "approve_advice"
    ORDER = "order"


_READ = {
    May.SEE_FACILITIES, May.SEE_INSPECTIONS, May.SEE_FINDINGS, May.SEE_MAP, May.SEE_SCANS,
    May.SEE_STATISTICS,
}  # fmt: skip
_OFFICE = {
    May.SEE_PEOPLE, May.MANAGE_PEOPLE, May.SEE_ORGANISATIONS, May.MANAGE_ORGANISATIONS,
}  # fmt: skip

# What these allow touches every district: a role held in some districts only does not have them.
CITY_WIDE = frozenset(
    {May.CHOOSE_SETTINGS, May.CHOOSE_SECURITY, May.CONFIRM_CLAUSE, May.DECIDE_EDITION}
)

PERMISSIONS: dict[Role, frozenset[May]] = {
    Role.SUPERVISOR: frozenset(
        _READ
        | {May.ADD_FACILITY, May.INSPECT, May.RECHECK, May.ADD_NOTE}
        | {May.SEE_DOCUMENTS, May.ADVISE}
    ),
    Role.COORDINATOR: frozenset(
        _READ
        | _OFFICE
        | {May.ADD_FACILITY, May.EDIT_FACILITY, May.INSPECT, May.CONFIRM, May.RECHECK}
        | {May.REOPEN, May.REQUEST_SCAN, May.OPEN_ORIGINALS, May.COVER_PHOTOS}
        | {May.ESCALATE, May.REFER, May.ADD_NOTE}
        | {May.SHARE_VIEWS}
        | {May.DECIDE_EDITION, May.ASSIGN}
        | {May.SEE_DOCUMENTS, May.SEE_PACKS, May.ADVISE, May.APPROVE_ADVICE}
    ),
    Role.DEPARTMENT: frozenset(
        _READ
        | {May.DISPATCH, May.REOPEN, May.REQUEST_SCAN, May.SEE_ORGANISATIONS, May.ASSIGN}
        | {May.SEE_DOCUMENTS, May.ORDER}
        | {May.ESCALATE, May.ADD_NOTE}
    ),
    Role.PLANNER: frozenset(_READ),
    Role.ORGANISATION: frozenset(
        {May.SEE_FINDINGS, May.REPORT_FIXED, May.SEE_SCANS, May.SEE_STATISTICS, May.ADD_NOTE}
        | {May.SEE_DOCUMENTS}
    ),
    Role.ASSESSOR: frozenset(_READ),
    Role.PROSECUTOR: frozenset(_READ | {May.OPEN_ORIGINALS, May.SEE_PACKS}),
    Role.AUDITOR: frozenset(
        {May.SEE_PEOPLE, May.SEE_JOURNAL, May.SEE_SETTINGS, May.SEE_STATISTICS}
    ),
    Role.ADMINISTRATOR: frozenset(
        _READ
        | _OFFICE
        | {May.EDIT_FACILITY, May.ADD_FACILITY, May.REQUEST_SCAN, May.CONFIRM_CLAUSE}
        | {May.SEE_SETTINGS, May.CHOOSE_SETTINGS, May.DECIDE_EDITION}
    ),
    Role.SECURITY: frozenset(
        {May.SEE_PEOPLE, May.MANAGE_PEOPLE, May.SEE_JOURNAL}
        | {May.SEE_SETTINGS, May.CHOOSE_SECURITY}
    ),
}


@dataclass(frozen=True)
class Grant:
    """A role within some districts. `districts` is None for the whole city."""

    role: Role
    districts: frozenset[str] | None = None


@dataclass(frozen=True)
class Actor:
    """A person (or the system itself) at the moment of acting.

    `districts` in each grant already holds every district below the granted one.
    """

    id: UUID | None
    name: str
    grants: tuple[Grant, ...] = ()
    organisation_id: UUID | None = None
    login: str = field(default="", compare=False)

    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def may(self, what: May, district: str | None = None) -> bool:
        """Whether any grant allows `what`, in `district` where one is named."""
        return any(
            what in PERMISSIONS[grant.role]
            and (district is None or grant.districts is None or district in grant.districts)
            for grant in self.grants
        )

    def districts_for(self, what: May) -> frozenset[str] | None:
        """Every district in which this person may do `what`; None means all of them."""
        scopes = [grant.districts for grant in self.grants if what in PERMISSIONS[grant.role]]
        if any(scope is None for scope in scopes):
            return None
        return frozenset().union(*[scope for scope in scopes if scope is not None])

    def only_own_organisation(self, what: May) -> bool:
        """Whether `what` comes to this person solely as the organisation responsible."""
        roles = {grant.role for grant in self.grants if what in PERMISSIONS[grant.role]}
        return roles == {Role.ORGANISATION}


SYSTEM = Actor(id=None, name="system")
SCANNER = Actor(id=None, name="scanner")  # it scans, judges and re-checks websites by itself
