"""Who in the sample city covers, owns or decides. Pure."""

from audit.core.actors import Role

from .answering import pick
from .reading import SamplePerson, people

CITY_COORDINATOR = "demo-coordinator1"


def covering(role: Role, district: str) -> list[SamplePerson]:
    """People of a role who may act in the district, in the order of the file."""
    return [one for one in people() if one.role is role and one.covers(district)]


def supervisor_for(district: str, words: str, without: str = "") -> str:
    """The login of a supervisor who covers the district: by chance, but never `without`."""
    able = [one for one in covering(Role.SUPERVISOR, district) if one.login != without]
    return pick(words).choice(able).login


def coordinator_for(district: str) -> str:
    """The login of the district's own coordinator, else the city's."""
    local = [one for one in covering(Role.COORDINATOR, district) if one.districts]
    return local[0].login if local else CITY_COORDINATOR


def belonging(organisation: str) -> str:
    """The login of the person who acts for an organisation."""
    return next(one.login for one in people() if one.organisation == organisation)
