"""parts of a picture are covered"""

import sqlalchemy as sa
from alembic import op

revision = "202611241312"
down_revision = "202611241308"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo_cover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column(
            "boxes",
            sa.JSON(),
            nullable=False,
            comment="left, top, width, height in thousandths; empty: uncovered",
        ),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("covered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("covered_by_id", sa.Uuid(), nullable=True),
        sa.Column("covered_by_name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_photo_cover_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_cover")),
    )
    with op.batch_alter_table("photo_cover", schema=None) as batch_op:
        batch_op.create_index("ix_photo_cover_photo_id", ["photo_id", "covered_at"], unique=False)

    # SQLite adds and drops a plain column without copying the table
    op.add_column(
        "photo",
        sa.Column(
            "shown_sha256",
            sa.String(length=64),
            nullable=True,
            comment="names the derivatives where parts are covered; null: sha256 does",
        ),
    )
    op.create_index("ix_photo_shown_sha256", "photo", ["shown_sha256"])


def downgrade() -> None:
    op.drop_index("ix_photo_shown_sha256", "photo")
    op.drop_column("photo", "shown_sha256")

    with op.batch_alter_table("photo_cover", schema=None) as batch_op:
        batch_op.drop_index("ix_photo_cover_photo_id")

    op.drop_table("photo_cover")
