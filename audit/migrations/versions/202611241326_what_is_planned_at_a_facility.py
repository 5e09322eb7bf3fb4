"""what is planned at a facility"""

import sqlalchemy as sa
from alembic import op

revision = "202611241326"
down_revision = "202611241325"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, comment="in which it is planned"),
        sa.Column("budget_yuan", sa.BigInteger(), nullable=True, comment="null: not known"),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "substitute",
            sa.String(length=300),
            nullable=False,
            comment="what stands in for it until then, or instead",
        ),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (done_on is not null)", name=op.f("ck_measure_done")
        ),
        sa.CheckConstraint("budget_yuan >= 0", name=op.f("ck_measure_budget")),
        sa.CheckConstraint("year between 2000 and 2100", name=op.f("ck_measure_year")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_measure_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_measure_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index("ix_measure_facility_id", ["facility_id"], unique=False)
        batch_op.create_index("ix_measure_year_kind", ["year", "kind"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index("ix_measure_year_kind")
        batch_op.drop_index("ix_measure_facility_id")

    op.drop_table("measure")
