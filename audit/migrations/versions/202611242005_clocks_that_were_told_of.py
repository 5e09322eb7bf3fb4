"""clocks that were told of"""

import sqlalchemy as sa
from alembic import op

revision = "202611242005"
down_revision = "202611241955"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("clock_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "until", sa.Date(), nullable=True, comment="the last day granted, or asked for"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_alert_reminder_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_reminder")),
    )  # fmt: skip
    op.create_index("ix_alert_reminder_finding_id", "alert_reminder", ["finding_id", "kind"])


def downgrade() -> None:
    op.drop_table("alert_reminder")
