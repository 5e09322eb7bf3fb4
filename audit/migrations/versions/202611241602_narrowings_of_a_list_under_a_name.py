"""narrowings of a list under a name"""

import sqlalchemy as sa
from alembic import op

revision = "202611241602"
down_revision = "202611241556"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False, comment="of the list's address"),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("everywhere", sa.Boolean(), nullable=False, comment="shared with the whole city"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_saved_view_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "owner_id", "subject", "name", name=op.f("uq_saved_view_owner_id_subject_name")
        ),
    )
    op.create_index("ix_saved_view_shared", "saved_view", ["shared"])
    op.create_table(
        "saved_view_district",
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.Column("district_code", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"],
            name=op.f("fk_saved_view_district_district_code"),
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name=op.f("fk_saved_view_district_view_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("view_id", "district_code", name=op.f("pk_saved_view_district")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("saved_view_district")
    op.drop_table("saved_view")
