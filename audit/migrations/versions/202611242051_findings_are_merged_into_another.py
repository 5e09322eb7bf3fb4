"""findings are merged into another"""

import sqlalchemy as sa
from alembic import op

revision = "202611242051"
down_revision = "202611242050"
branch_labels = None
depends_on = None

NAME = "ix_finding_merged_into_id"


def upgrade() -> None:
    kind = sa.Uuid().compile(op.get_bind().dialect)
    # a key beside its column: SQLite adds it, and drops it, without copying the table
    op.execute(
        f"ALTER TABLE finding ADD COLUMN merged_into_id {kind} "
        "CONSTRAINT fk_finding_merged_into_id REFERENCES finding (id)"
    )
    if op.get_bind().dialect.name != "sqlite":  # which keeps no comments
        said = "where the same problem is seen to"
        op.execute(f"COMMENT ON COLUMN finding.merged_into_id IS '{said}'")
    partly = sa.text("merged_into_id is not null")
    op.create_index(
        NAME, "finding", ["merged_into_id"], sqlite_where=partly, postgresql_where=partly
    )


def downgrade() -> None:
    op.drop_index(NAME, "finding")
    op.execute("ALTER TABLE finding DROP COLUMN merged_into_id")
