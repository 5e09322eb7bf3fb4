"""a finding may be doubtful: some of its evidence is to be looked into"""

import sqlalchemy as sa
from alembic import op

revision = "202611241327"
down_revision = "202611241326"
branch_labels = None
depends_on = None

SAYS = "evidence that nobody has looked into yet; its events say why"


def upgrade() -> None:
    doubtful = sa.Column(
        "doubtful", sa.Boolean(), nullable=False, server_default=sa.false(), comment=SAYS
    )
    op.add_column("finding", doubtful)
    op.create_index(
        "ix_finding_doubtful",
        "finding",
        ["district_code"],
        sqlite_where=sa.text("doubtful"),
        postgresql_where=sa.text("doubtful"),
    )


def downgrade() -> None:
    op.drop_index("ix_finding_doubtful", "finding")
    op.drop_column("finding", "doubtful")
