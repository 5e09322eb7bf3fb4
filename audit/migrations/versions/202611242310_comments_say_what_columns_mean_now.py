"""comments say what columns mean now

Only PostgreSQL keeps comments.
"""

import sqlalchemy as sa
from alembic import op

revision = "202611242310"
down_revision = "202611242122"
branch_labels = None
depends_on = None

NOW = (
    ("finding", "asked_until", sa.Date(), "time asked for, not yet decided", "of a plea for time"),
    (
        "notice_delivery",
        "notice_id",
        sa.Uuid(),
        "null: asks whether the address is right",
        "null: a letter, or asks whether the address is right",
    ),
    ("notice_delivery", "about", sa.String(300), None, "of a letter: a path of ours"),
    ("notice_delivery", "letter", sa.Text(), None, "JSON"),
    ("organisation", "mail", sa.Text(), None, "sealed"),
)


def upgrade() -> None:
    for table, column, kind, before, after in NOW:
        _say(table, column, kind, before, after)


def downgrade() -> None:
    for table, column, kind, before, after in NOW:
        _say(table, column, kind, after, before)


def _say(
    table: str, column: str, kind: sa.types.TypeEngine[object], before: str | None, now: str | None
) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            table, column, existing_type=kind, existing_comment=before, comment=now
        )
