"""a place can be split off another"""

import sqlalchemy as sa
from alembic import op

revision = "202611241620"
down_revision = "202611241612"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Uuid().compile(op.get_bind().dialect)
    # a key beside its column: SQLite adds it, and drops it, without copying the table
    op.execute(
        f"ALTER TABLE facility ADD COLUMN split_from_id {kind} "
        "CONSTRAINT fk_facility_split_from_id REFERENCES facility (id)"
    )
    if op.get_bind().dialect.name != "sqlite":  # which keeps no comments
        said = "the place of which it was a part until then"
        op.execute(f"COMMENT ON COLUMN facility.split_from_id IS '{said}'")
    op.create_index("ix_facility_split_from_id", "facility", ["split_from_id"])


def downgrade() -> None:
    op.drop_index("ix_facility_split_from_id", table_name="facility")
    op.execute("ALTER TABLE facility DROP COLUMN split_from_id")
