"""findings go to an organisation in one notice, with a link"""

import sqlalchemy as sa
from alembic import op

revision = "202611242010"
down_revision = "202611242006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False, comment="ZG-2026-000123"),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("district_code", sa.String(length=12), nullable=False),
        sa.Column(
            "contact",
            sa.String(length=200),
            nullable=False,
            comment="whom the organisation may call",
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_name", sa.String(length=60), nullable=False),
        sa.Column(
            "receipt_due",
            sa.Date(),
            nullable=False,
            comment="last day to confirm the receipt in time",
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signer_name", sa.String(length=20), nullable=False),
        sa.Column("signer_phone", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_assignment_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_assignment_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("number", name=op.f("uq_assignment_number")),
    )
    op.create_index(
        "ix_assignment_district_code_made_at", "assignment", ["district_code", "made_at"]
    )
    op.create_index("ix_assignment_made_at", "assignment", ["made_at"])
    op.create_index("ix_assignment_organisation_id", "assignment", ["organisation_id"])
    op.create_index("ix_assignment_receipt", "assignment", ["confirmed_at", "receipt_due"])

    op.create_table(
        "assignment_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False, comment="SHA-256"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_name", sa.String(length=60), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_link_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_assignment_link_secret_hash")),
    )
    op.create_index("ix_assignment_link_assignment_id", "assignment_link", ["assignment_id"])

    op.create_table(
        "assignment_item",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="in the notice, from 1"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_item_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_assignment_item_finding_id")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "finding_id", name=op.f("pk_assignment_item")),
    )
    op.create_index("ix_assignment_item_finding_id", "assignment_item", ["finding_id"])

    op.create_table(
        "link_use",
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256"),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "network",
            sa.String(length=50),
            nullable=False,
            comment="its first 24 bits, or 48 of IPv6",
        ),
        sa.Column("signer_name", sa.String(length=20), nullable=False),
        sa.Column("signer_phone", sa.String(length=30), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["assignment_link.id"], name=op.f("fk_link_use_link_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link_use")),
    )
    op.create_index("ix_link_use_link_id", "link_use", ["link_id", "opened_at"])


def downgrade() -> None:
    op.drop_index("ix_link_use_link_id", "link_use")

    op.drop_table("link_use")
    op.drop_index("ix_assignment_item_finding_id", "assignment_item")

    op.drop_table("assignment_item")
    op.drop_index("ix_assignment_link_assignment_id", "assignment_link")

    op.drop_table("assignment_link")
    op.drop_index("ix_assignment_receipt", "assignment")
    op.drop_index("ix_assignment_organisation_id", "assignment")
    op.drop_index("ix_assignment_made_at", "assignment")
    op.drop_index("ix_assignment_district_code_made_at", "assignment")

    op.drop_table("assignment")
