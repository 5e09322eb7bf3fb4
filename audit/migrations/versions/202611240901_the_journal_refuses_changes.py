"""the journal refuses changes"""

from alembic import op

revision = "202611240901"
down_revision = "202611240900"
branch_labels = None
depends_on = None

VERBS = ("UPDATE", "DELETE")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in VERBS:
            op.execute(
                f"CREATE TRIGGER journal_entry_no_{verb} BEFORE {verb} ON journal_entry "
                "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry "
        "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in VERBS:
            op.execute(f"DROP TRIGGER journal_entry_no_{verb}")
        return
    op.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")
    op.execute("DROP FUNCTION journal_refuse()")
