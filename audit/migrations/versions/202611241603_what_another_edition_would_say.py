"""what another edition would say of what was measured"""

import sqlalchemy as sa
from alembic import op

revision = "202611241603"
down_revision = "202611241602"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rejudging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checklist_id", sa.String(80), nullable=False),
        sa.Column("edition", sa.String(20), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False,
            comment="what is filed later is not looked at",
        ),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.String(60), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False, comment="answers to judge"),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column(
            "after_id", sa.Uuid(), nullable=True, comment="the last facility that is done"
        ),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudging")),
    )  # fmt: skip
    op.create_index("ix_rejudging_created_at", "rejudging", ["created_at"])
    _counts()
    _rows()


def _counts() -> None:
    op.create_table(
        "rejudging_count",
        sa.Column("rejudging_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("district_code", sa.String(12), nullable=False),
        sa.Column("change", sa.String(24), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        _of_rejudging("count"),
        sa.PrimaryKeyConstraint(
            "rejudging_id", "item_id", "district_code", "change",
            name=op.f("pk_rejudging_count"),
        ),
    )  # fmt: skip


def _rows() -> None:
    op.create_table(
        "rejudging_row",
        sa.Column("rejudging_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("district_code", sa.String(12), nullable=False),
        sa.Column("change", sa.String(24), nullable=False),
        sa.Column("was", sa.String(16), nullable=False),
        sa.Column("becomes", sa.String(16), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_rejudging_row_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_rejudging_row_inspection_id")
        ),
        _of_rejudging("row"),
        sa.PrimaryKeyConstraint(
            "rejudging_id", "inspection_id", "item_id", name=op.f("pk_rejudging_row")
        ),
    )
    for name, columns in (
        ("change", ["rejudging_id", "change", "item_id"]),
        ("facility_id", ["facility_id"]),
        ("inspection_id", ["inspection_id"]),
    ):
        op.create_index(f"ix_rejudging_row_{name}", "rejudging_row", columns)


def _of_rejudging(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["rejudging_id"], ["rejudging.id"],
        name=op.f(f"fk_rejudging_{table}_rejudging_id"), ondelete="CASCADE",
    )  # fmt: skip


def downgrade() -> None:
    for table in ("rejudging_row", "rejudging_count", "rejudging"):
        op.drop_table(table)
