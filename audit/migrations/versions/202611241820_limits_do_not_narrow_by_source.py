"""limits do not narrow by source: what a scan found is told by its outcome"""

import sqlalchemy as sa
from alembic import op

revision = "202611241820"
down_revision = "202611241722"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("limit_change", "source")


def downgrade() -> None:
    source = sa.Column("source", sa.String(24), nullable=False, server_default="")
    op.add_column("limit_change", source)
