"""a year is no day: keep how exactly the date of works is known"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "202611241150"
down_revision = "202611240901"
branch_labels = None
depends_on = None

SPANS = (("built", "built_on"), ("altered", "altered_on"))


def upgrade() -> None:
    for name, first in SPANS:
        # a check beside its column: SQLite adds it, and drops it, without copying the table
        op.execute(
            f"ALTER TABLE facility ADD COLUMN {name}_by DATE "
            f"CONSTRAINT ck_facility_{name}_span CHECK ({name}_by > {first})"
        )
        _widen(name, first)


def _widen(name: str, first: str) -> None:
    """Until now a year alone was kept as its first day; hardly anything else is from a 1 January,
    and a date taken for less exact than it is blames nobody."""
    facility = sa.table("facility", sa.column(first, sa.Date), sa.column(f"{name}_by", sa.Date))
    day = facility.c[first]
    found = sa.select(day).where(sa.extract("month", day) == 1, sa.extract("day", day) == 1)
    for one in op.get_bind().scalars(found.distinct()).all():
        last = date(one.year, 12, 31)
        op.execute(facility.update().where(day == one).values({f"{name}_by": last}))


def downgrade() -> None:
    for name, _first in SPANS:
        op.execute(f"ALTER TABLE facility DROP COLUMN {name}_by")
