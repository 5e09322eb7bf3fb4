import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

# GB 32100-2015: 17 signs and a check sign; no I, O, S, V, Z.
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODE = re.compile(rf"[{SIGNS}]{{2}}\d{{6}}[{SIGNS}]{{10}}", re.ASCII)


class OrganisationKind(StrEnum):
    FEDERATION = "federation"
    DEPARTMENT = "department"
    OWNER = "owner"
    PROCURATORATE = "procuratorate"
    ASSESSOR = "assessor"


@dataclass(frozen=True)
class OrganisationDraft:
    """What a person states about an organisation. `district_code` None: of the whole city;
    `parent_id`: what it is a department of."""

    name: str
    kind: OrganisationKind
    district_code: str | None = None
    parent_id: UUID | None = None
    credit_code: str | None = None
    phone: str = ""
    address: str = ""
    mail: str = ""


def is_credit_code(text: str) -> bool:
    """Whether the unified social credit code is whole: its check sign finds every slip of one
    sign and nearly every swap of two."""
    if not CREDIT_CODE.fullmatch(text):
        return False
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(text[:17]))
    return SIGNS[-total % 31] == text[17]
