"""letters to an address outside; whoever signs a notice lies sealed"""

import sqlalchemy as sa
from alembic import op

from audit.core.sealing import seal, unseal

revision = "202611242102"
down_revision = "202611242055"
branch_labels = None
depends_on = None

NEW = (
    ("organisation", "mail"),
    ("notice_delivery", "recipient"),
    ("notice_delivery", "letter"),
)
SIGNERS = (("assignment", "id"), ("link_use", "token_hash"))
LENGTHS = {"signer_name": 20, "signer_phone": 30}


def upgrade() -> None:
    for table, name in NEW:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "notice_delivery", sa.Column("about", sa.String(300), nullable=False, server_default="")
    )
    partly = sa.text("about <> ''")
    op.create_index(
        "ix_notice_delivery_about",
        "notice_delivery",
        ["about"],
        sqlite_where=partly,
        postgresql_where=partly,
    )
    moment = sa.DateTime(timezone=True)
    said = "when something had been said about every finding for the first time"
    op.add_column("assignment", sa.Column("answered_at", moment, nullable=True, comment=said))
    for table, key in SIGNERS:
        for name in LENGTHS:
            _rewrite(table, key, name, sa.Text(), seal)


def downgrade() -> None:
    for table, key in SIGNERS:
        for name, length in LENGTHS.items():
            _rewrite(table, key, name, sa.String(length), unseal)
    op.execute("ALTER TABLE assignment DROP COLUMN answered_at")
    op.drop_index("ix_notice_delivery_about", "notice_delivery")
    op.execute("DELETE FROM notice_delivery WHERE about <> ''")
    for table, name in (*NEW, ("notice_delivery", "about")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _rewrite(table: str, key: str, name: str, kind: sa.types.TypeEngine[str], by: object) -> None:
    """The column anew, in another type, with each of its values made by `by`."""
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {name} TO {name}_before")
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=""))
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(f"SELECT {key}, {name}_before FROM {table} WHERE {name}_before <> ''")  # noqa: S608
    ).all()
    for row, text in rows:
        assert callable(by)  # noqa: S101 -- for the reader of types
        bind.execute(
            sa.text(f"UPDATE {table} SET {name} = :text WHERE {key} = :key"),  # noqa: S608
            {"text": by(text), "key": row},
        )
    op.execute(f"ALTER TABLE {table} DROP COLUMN {name}_before")
