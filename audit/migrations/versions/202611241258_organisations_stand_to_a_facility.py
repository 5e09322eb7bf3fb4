"""organisations stand to a facility in roles"""

import sqlalchemy as sa
from alembic import op

revision = "202611241258"
down_revision = "202611241253"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facility_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(24), nullable=False),
        sa.Column("note", sa.String(200), nullable=False, comment="contract, share, term"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_duty_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_facility_duty_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_duty")),
        sa.UniqueConstraint(
            "facility_id", "organisation_id", "duty",
            name=op.f("uq_facility_duty_facility_id_organisation_id_duty"),
        ),
    )
    op.create_index("ix_facility_duty_organisation_id", "facility_duty", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("facility_duty")
