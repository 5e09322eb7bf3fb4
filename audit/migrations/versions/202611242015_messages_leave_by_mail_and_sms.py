"""messages leave by mail and SMS, as each person chooses"""

import sqlalchemy as sa
from alembic import op

revision = "202611242015"
down_revision = "202611242012"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def user_id(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id")
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "notice_contact",
        *user_id("notice_contact"),
        sa.Column("mail", sa.Text(), nullable=False, comment="sealed; empty: none"),
        sa.Column("mail_confirmed_at", MOMENT, nullable=True),
        sa.Column("phone", sa.Text(), nullable=False, comment="sealed; empty: none"),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_contact")),
    )
    op.create_table(
        "notice_choice",
        *user_id("notice_choice"),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("topic", sa.String(24), nullable=False),
        sa.Column("pace", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "channel", "topic", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        *user_id("notice_delivery"),
        sa.Column(
            "notice_id", sa.Uuid(), nullable=True,
            comment="null: asks whether the address is right",
        ),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column(
            "digest", sa.Boolean(), nullable=False,
            comment="leaves together with others of its person",
        ),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(300), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_delivery_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_delivery")),
    )  # fmt: skip
    waiting = sa.text("state in ('pending', 'failed')")
    op.create_index(
        "ix_notice_delivery_due", "notice_delivery", ["due_at"],
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    op.create_index("ix_notice_delivery_notice_id", "notice_delivery", ["notice_id"])
    op.create_index("ix_notice_delivery_user_id", "notice_delivery", ["user_id", "state"])


def downgrade() -> None:
    for table in ("notice_delivery", "notice_choice", "notice_contact"):
        op.drop_table(table)
