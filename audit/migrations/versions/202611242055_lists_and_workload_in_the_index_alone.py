"""lists and workload are answered in the index alone"""

import sqlalchemy as sa
from alembic import op

revision = "202611242055"
down_revision = "202611242051"
branch_labels = None
depends_on = None

WHOLE = {
    "ix_finding_district_code_state": ("district_code", "state", "due_at", "gross_at"),
    "ix_finding_organisation_id": ("organisation_id", "state", "due_at"),
    "ix_finding_department_id": ("department_id", "state", "due_at"),
    "ix_finding_state": ("state", "severity", "opened_at"),
}
BEFORE = {
    "ix_finding_district_code_state": ("district_code", "state"),
    "ix_finding_organisation_id": ("organisation_id",),
    "ix_finding_department_id": ("department_id",),
}
DOUBTFUL = "ix_finding_doubtful"


def upgrade() -> None:
    for name in (*BEFORE, DOUBTFUL):
        op.drop_index(name, "finding")
    for name, columns in WHOLE.items():
        op.create_index(name, "finding", list(columns))
    _doubtful("doubtful = 1")  # SQLite takes a part of a table only by the very words


def downgrade() -> None:
    for name in (*WHOLE, DOUBTFUL):
        op.drop_index(name, "finding")
    for name, columns in BEFORE.items():
        op.create_index(name, "finding", list(columns))
    _doubtful("doubtful")


def _doubtful(in_sqlite: str) -> None:
    op.create_index(
        DOUBTFUL, "finding", ["district_code"], sqlite_where=sa.text(in_sqlite),
        postgresql_where=sa.text("doubtful"),
    )  # fmt: skip
