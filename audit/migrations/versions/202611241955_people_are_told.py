"""people are told: an inbox for each, and how far the journal has been told"""

import sqlalchemy as sa
from alembic import op

revision = "202611241955"
down_revision = "202611241820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(24), nullable=False),
        sa.Column("subject_zh", sa.String(200), nullable=False),
        sa.Column("subject_en", sa.String(200), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column(
            "address", sa.String(300), nullable=False,
            comment="a path of ours to go on to; empty: none",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )  # fmt: skip
    op.create_index("ix_notice_user_id_created_at", "notice", ["user_id", "created_at"])
    op.create_index(
        "ix_notice_unread", "notice", ["user_id"],
        sqlite_where=sa.text("read_at is null"), postgresql_where=sa.text("read_at is null"),
    )  # fmt: skip
    op.create_table(
        "alert_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_cursor")),
    )  # fmt: skip
    # nobody is told of what happened before there were messages
    op.execute(
        "INSERT INTO alert_cursor (id, seq) "
        "VALUES (1, COALESCE((SELECT seq FROM journal_head WHERE id = 1), 0))"
    )


def downgrade() -> None:
    op.drop_table("alert_cursor")
    op.drop_table("notice")
