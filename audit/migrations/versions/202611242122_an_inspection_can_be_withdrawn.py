"""an inspection can be withdrawn"""

import sqlalchemy as sa
from alembic import op

revision = "202611242122"
down_revision = "202611242102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    told = "it was mistaken, and counts nowhere"
    moment = sa.DateTime(timezone=True)
    op.add_column("inspection", sa.Column("withdrawn_at", moment, nullable=True, comment=told))
    op.add_column("inspection", sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True))
    for name, kind in (("withdrawn_by", sa.String(60)), ("withdrawn_why", sa.Text())):
        op.add_column("inspection", sa.Column(name, kind, server_default="", nullable=False))


def downgrade() -> None:
    for name in ("withdrawn_why", "withdrawn_by", "withdrawn_by_id", "withdrawn_at"):
        op.drop_column("inspection", name)
