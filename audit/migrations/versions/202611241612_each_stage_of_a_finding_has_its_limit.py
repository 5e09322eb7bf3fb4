"""each stage of a finding has its limit"""

import sqlalchemy as sa
from alembic import op

revision = "202611241612"
down_revision = "202611241603"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CLOCK = (
    ("stage", sa.String(24), None),
    ("clock_since", sa.DateTime(timezone=True), None),
    ("limit_amount", sa.Integer(), "null: no limit"),
    ("limit_unit", sa.String(24), None),
    ("due_at", sa.DateTime(timezone=True), "from this moment on it is late"),
    ("gross_at", sa.DateTime(timezone=True), "from then on grossly late"),
    ("extended_to", sa.Date(), "the last day of time granted"),
    ("asked_until", sa.Date(), "time asked for, not yet decided"),
)


def upgrade() -> None:
    """Clocks of findings that are open already are started by the next start of the server."""
    op.create_table(
        "limit_change",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("stage", sa.String(24), nullable=False),
        sa.Column("rule", sa.String(80), nullable=False, comment="empty: does not narrow"),
        sa.Column("district", sa.String(12), nullable=False),
        sa.Column("defect", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("severity", sa.String(2), nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False, comment="the shipped limit again"),
        sa.Column("amount", sa.Integer(), nullable=True, comment="null: no limit"),
        sa.Column("unit", sa.String(24), nullable=False),
        *_who(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_limit_change")),
    )
    op.create_table(
        "working_day_change",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        *_who(),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_working_day_change")),
    )
    for name, kind, comment in CLOCK:
        op.add_column("finding", sa.Column(name, kind, nullable=True, comment=comment))
    op.create_index("ix_finding_due_at", "finding", ["due_at", "district_code"])
    asked = sa.text("asked_until is not null")
    op.create_index(
        "ix_finding_asked", "finding", ["district_code"], sqlite_where=asked,
        postgresql_where=asked,
    )  # fmt: skip


def _who() -> list[sa.Column]:
    return [
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_index("ix_finding_asked", "finding")
    op.drop_index("ix_finding_due_at", "finding")
    for name, _kind, _comment in reversed(CLOCK):
        op.drop_column("finding", name)
    op.drop_table("working_day_change")
    op.drop_table("limit_change")
