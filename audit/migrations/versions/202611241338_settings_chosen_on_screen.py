"""settings chosen on screen"""

import sqlalchemy as sa
from alembic import op

revision = "202611241338"
down_revision = "202611241327"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_change",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True,
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column(
            "value", sa.JSON(none_as_null=True), nullable=True,
            comment="null: the shipped default again",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_policy_change")),
    )
    op.create_index("ix_policy_change_name_seq", "policy_change", ["name", "seq"])


def downgrade() -> None:
    op.drop_table("policy_change")
