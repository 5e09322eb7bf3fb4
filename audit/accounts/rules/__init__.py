"""What is decided about people and organisations without asking anybody. Pure."""

from .granting import ALONE, GRANTS, covers, grantable_roles, is_above, may_grant, stand_together
from .organisations import OrganisationDraft, OrganisationKind, is_credit_code
from .passwords import (
    CODE_ALPHABET,
    COMMON,
    MIN_PASSWORD,
    one_time_code,
    password_problem,
    plain_code,
)
from .people import LOGIN, PersonDraft, RoleAt
from .sessions import SessionAges, has_expired
from .words import ORGANISATION_KINDS, ROLES

__all__ = [
    "ALONE",
    "CODE_ALPHABET",
    "COMMON",
    "GRANTS",
    "LOGIN",
    "MIN_PASSWORD",
    "ORGANISATION_KINDS",
    "ROLES",
    "OrganisationDraft",
    "OrganisationKind",
    "PersonDraft",
    "RoleAt",
    "SessionAges",
    "covers",
    "grantable_roles",
    "has_expired",
    "is_above",
    "is_credit_code",
    "may_grant",
    "one_time_code",
    "password_problem",
    "plain_code",
    "stand_together",
]
