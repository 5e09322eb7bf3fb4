"""what figures of findings are made of"""

import sqlalchemy as sa
from alembic import op

revision = "202611242012"
down_revision = "202611242010"
branch_labels = None
depends_on = None

MOMENTS = (
    ("confirmed_at", None),
    ("first_fixed_at", None),
    ("fixed_at", "of the fix that was not refused"),
    ("fix_since", None),
    ("fix_due_at", "of whoever was named to fix it"),
)
COUNTED = ("district_code", "severity", "kind", "department_id", "organisation_id")
INDEXES = {
    "ix_finding_opened_at": ("opened_at", *COUNTED, "confirmed_at"),
    "ix_finding_first_fixed_at": ("first_fixed_at", *COUNTED, "reworks"),
    "ix_finding_fix_due_at": ("fix_due_at", *COUNTED, "ending", "extensions", "state"),
}


def upgrade() -> None:
    """They are filled from the events, a few hundred findings at a time, by the next start of the
    server; `run.py statistics rebuild` does the same."""
    for name, comment in MOMENTS:
        moment = sa.DateTime(timezone=True)
        op.add_column("finding", sa.Column(name, moment, nullable=True, comment=comment))
    op.add_column("finding", sa.Column("ending", sa.String(24), nullable=True))
    for name in ("reworks", "extensions"):
        count = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("finding", count)
    op.drop_index("ix_finding_opened_at", "finding")
    for name, columns in INDEXES.items():
        op.create_index(name, "finding", list(columns))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "finding")
    op.create_index("ix_finding_opened_at", "finding", ["opened_at"])
    for name in ("extensions", "reworks", "ending", *(name for name, _ in reversed(MOMENTS))):
        op.drop_column("finding", name)
