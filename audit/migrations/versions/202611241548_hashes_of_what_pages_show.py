"""hashes of what pages show"""

import sqlalchemy as sa
from alembic import op

revision = "202611241548"
down_revision = "202611241547"
branch_labels = None
depends_on = None

SAYS = "SHA-256 of each derivative, the largest first; null: made before they were noted"


def upgrade() -> None:
    hashes = sa.Column("shown_hashes", sa.JSON(none_as_null=True), nullable=True, comment=SAYS)
    op.add_column("photo", hashes)


def downgrade() -> None:
    """Without a copy of the table, for pictures of findings and visits point at its rows."""
    op.drop_column("photo", "shown_hashes")
