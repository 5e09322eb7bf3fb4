"""what a word finds is narrowed by state and place in its own index"""

from alembic import op

revision = "202611241414"
down_revision = "202611241338"
branch_labels = None
depends_on = None

FIRST = ("facility_id", "title_en", "title_zh")


def upgrade() -> None:
    _make_anew("state", "cell")


def downgrade() -> None:
    _make_anew()


def _make_anew(*more: str) -> None:
    for column in FIRST:
        name = op.f(f"ix_finding_{column}")
        op.drop_index(name, table_name="finding")
        op.create_index(name, "finding", [column, *more])
