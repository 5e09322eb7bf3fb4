"""a place can be merged into another"""

import sqlalchemy as sa
from alembic import op

revision = "202611241226"
down_revision = "202611241215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Uuid().compile(op.get_bind().dialect)
    # a key beside its column: SQLite adds it, and drops it, without copying the table
    op.execute(
        f"ALTER TABLE facility ADD COLUMN merged_into_id {kind} "
        "CONSTRAINT fk_facility_merged_into_id REFERENCES facility (id)"
    )
    if op.get_bind().dialect.name != "sqlite":  # which keeps no comments
        said = "the same place under another number"
        op.execute(f"COMMENT ON COLUMN facility.merged_into_id IS '{said}'")


def downgrade() -> None:
    op.execute("ALTER TABLE facility DROP COLUMN merged_into_id")
