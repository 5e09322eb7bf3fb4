from sqlalchemy import func, select

from audit.accounts.models import Organisation, RoleGrant, User
from audit.core.db import db
from audit.districts.models import District
from audit.districts.rules import RESPONSIBLE_LEVELS
from audit.facilities.models import Facility

from .rules import Standing


def standing() -> Standing:
    """The whole city's; for administrators only."""
    kinds = db.session.execute(
        select(Organisation.kind, func.count())
        .where(Organisation.active)
        .group_by(Organisation.kind)
    )
    roles = db.session.execute(
        select(RoleGrant.role, func.count(RoleGrant.user_id.distinct()))
        .join(User, User.id == RoleGrant.user_id)
        .where(User.active)
        .group_by(RoleGrant.role)
    )
    districts = db.session.scalars(
        select(District.sample).where(District.level.in_(RESPONSIBLE_LEVELS))
    ).all()
    unused = select(func.count()).where(User.active, User.must_change_password)
    places = select(func.count()).where(Facility.active)
    return Standing(
        districts=len(districts),
        sample_districts=sum(districts),
        organisations={row[0]: row[1] for row in kinds},
        people={row[0]: row[1] for row in roles},
        unused=db.session.scalar(unused) or 0,
        facilities=db.session.scalar(places) or 0,
    )
