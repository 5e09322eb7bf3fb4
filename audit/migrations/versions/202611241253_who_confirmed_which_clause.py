"""who confirmed which clause"""

import sqlalchemy as sa
from alembic import op

revision = "202611241253"
down_revision = "202611241250"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clause_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "clause", sa.String(length=200), nullable=False, comment="as cited: GB50763 3.5.3"
        ),
        sa.Column("keys", sa.JSON(), nullable=False, comment="of the limits that were shown"),
        sa.Column("page", sa.String(length=40), nullable=False, comment="of the printed standard"),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_name", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_confirmation")),
    )
    with op.batch_alter_table("clause_confirmation", schema=None) as batch_op:
        batch_op.create_index("ix_clause_confirmation_clause", ["clause"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("clause_confirmation", schema=None) as batch_op:
        batch_op.drop_index("ix_clause_confirmation_clause")

    op.drop_table("clause_confirmation")
