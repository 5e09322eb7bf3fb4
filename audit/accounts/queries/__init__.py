"""Reads about people, organisations and sessions. What is asked for by an actor holds only what
that actor may see."""

from .organisations import (
    OrganisationFilter,
    ancestors,
    choosable,
    departments_of,
    find_organisation,
    get_organisation,
    list_organisations,
    organisation_for,
    organisations,
)
from .people import (
    PER_PAGE,
    PeopleFilter,
    get_people_import,
    list_people,
    members_of,
    people,
    person_for,
    standing_accounts,
    unused_of,
)
from .signing import (
    actor_of,
    find_active_user,
    find_signed_in,
    find_user,
    session_ages,
    token_hash,
)

__all__ = [
    "PER_PAGE",
    "OrganisationFilter",
    "PeopleFilter",
    "actor_of",
    "ancestors",
    "choosable",
    "departments_of",
    "find_active_user",
    "find_organisation",
    "find_signed_in",
    "find_user",
    "get_organisation",
    "get_people_import",
    "list_organisations",
    "list_people",
    "members_of",
    "organisation_for",
    "organisations",
    "people",
    "person_for",
    "session_ages",
    "standing_accounts",
    "token_hash",
    "unused_of",
]
