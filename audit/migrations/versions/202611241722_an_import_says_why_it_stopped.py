"""an import says why it stopped: what the worker gave up can be asked for again"""

import sqlalchemy as sa
from alembic import op

revision = "202611241722"
down_revision = "202611241646"
branch_labels = None
depends_on = None

SAYS = "why the worker gave up, until it begins anew"


def upgrade() -> None:
    error = sa.Column("error", sa.Text(), nullable=False, server_default="", comment=SAYS)
    op.add_column("facility_import", error)


def downgrade() -> None:
    op.drop_column("facility_import", "error")
