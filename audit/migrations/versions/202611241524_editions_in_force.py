"""which edition of a list is in force is decided by two people"""

import sqlalchemy as sa
from alembic import op

revision = "202611241524"
down_revision = "202611241414"
branch_labels = None
depends_on = None

TWO_PEOPLE = (
    "state <> 'decided' or settled_by_id <> proposed_by_id or "
    "(settled_by_id is null and proposed_by_id is null)"
)
OPEN = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "edition_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checklist_id", sa.String(80), nullable=False),
        sa.Column("edition", sa.String(20), nullable=False),
        sa.Column(
            "content_hash", sa.String(64), nullable=False, comment="as it was when proposed"
        ),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column(
            "starts_on", sa.Date(), nullable=False, comment="the first day, in Asia/Shanghai"
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by_name", sa.String(60), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by_name", sa.String(60), nullable=False),
        sa.Column("settled_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (settled_at is null)",
            name=op.f("ck_edition_decision_settled"),
        ),
        sa.CheckConstraint(TWO_PEOPLE, name=op.f("ck_edition_decision_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_decision")),
    )
    op.create_index("ix_edition_decision_checklist_id", "edition_decision", ["checklist_id"])
    op.create_index(
        "uq_edition_decision_open", "edition_decision", ["checklist_id"],
        unique=True, sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("edition_decision")
