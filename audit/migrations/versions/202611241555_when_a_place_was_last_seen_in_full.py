"""when a place was last seen in full"""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "202611241555"
down_revision = "202611241548"
branch_labels = None
depends_on = None

HERE = ZoneInfo("Asia/Shanghai")
FACILITY = sa.table("facility", sa.column("id", sa.Uuid()), sa.column("seen_day", sa.Integer()))
VISIT = sa.table(
    "inspection", sa.column("id", sa.Uuid()), sa.column("facility_id", sa.Uuid()),
    sa.column("state"), sa.column("round", sa.Integer()),
    sa.column("filed_at", sa.DateTime(timezone=True)),
)  # fmt: skip
ANSWER = sa.table(
    "inspection_answer", sa.column("inspection_id", sa.Uuid()), sa.column("verdict")
)


def upgrade() -> None:
    op.add_column(
        "facility",
        sa.Column(
            "seen_day",
            sa.Integer(),
            nullable=True,
            comment="day of the last full visit, counted as date.toordinal() does",
        ),
    )
    op.create_index("ix_facility_kind_seen_day", "facility", ["kind", "seen_day"])
    connection = op.get_bind()
    for place, day in _last_seen(connection).items():
        connection.execute(FACILITY.update().where(FACILITY.c.id == place).values(seen_day=day))


def _last_seen(connection: sa.Connection) -> dict[Any, int]:
    """A visit is full that judged at least half of what it asked."""
    days: dict[Any, int] = {}
    for place, filed_at in _full_visits(connection):
        moment = filed_at if filed_at.tzinfo else filed_at.replace(tzinfo=ZoneInfo("UTC"))
        day = moment.astimezone(HERE).date().toordinal()
        days[place] = max(days.get(place, 0), day)
    return days


def _full_visits(connection: sa.Connection) -> Iterator[tuple[Any, Any]]:
    checked = sa.func.sum(sa.case((ANSWER.c.verdict != "not_checked", 1), else_=0))
    rows = connection.execute(
        sa.select(VISIT.c.facility_id, VISIT.c.filed_at)
        .join_from(VISIT, ANSWER, ANSWER.c.inspection_id == VISIT.c.id)
        .where(VISIT.c.state == "submitted", VISIT.c.round == 1)
        .group_by(VISIT.c.id, VISIT.c.facility_id, VISIT.c.filed_at)
        .having(checked * 2 >= sa.func.count())
    )
    for place, filed_at in rows:
        yield place, filed_at


def downgrade() -> None:
    op.drop_index("ix_facility_kind_seen_day", table_name="facility")
    op.drop_column("facility", "seen_day")
