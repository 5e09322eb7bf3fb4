"""What people type about people and organisations, made into drafts; and what is wrong with it."""

from .organisations import OrganisationForm, form_of_organisation, parse_organisation
from .organisations import parse_filter as parse_organisation_filter
from .people import PersonForm, form_of_person, parse_details, parse_person, parse_role
from .people import parse_filter as parse_people_filter
from .signing import FirstPasswordForm, LoginForm, PasswordForm

__all__ = [
    "FirstPasswordForm",
    "LoginForm",
    "OrganisationForm",
    "PasswordForm",
    "PersonForm",
    "form_of_organisation",
    "form_of_person",
    "parse_details",
    "parse_organisation",
    "parse_organisation_filter",
    "parse_people_filter",
    "parse_person",
    "parse_role",
]
