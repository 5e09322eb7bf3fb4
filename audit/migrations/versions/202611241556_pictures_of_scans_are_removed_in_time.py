"""pictures of scans are removed in time"""

import sqlalchemy as sa
from alembic import op

revision = '202611241556'
down_revision = "202611241555"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "scan",
        sa.Column(
            "pictures_gone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="its pictures were removed",
        ),
    )


def downgrade() -> None:
    op.drop_column("scan", "pictures_gone_at")
