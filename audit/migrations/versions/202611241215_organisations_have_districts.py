"""organisations have districts and departments, accounts have codes"""

import sqlalchemy as sa
from alembic import op

revision = '202611241215'
down_revision = '202611241209'
branch_labels = None
depends_on = None

# Written out, because SQLite adds and drops columns in place, while a table that others point at
# cannot be made anew under their feet.
ORGANISATION = {
    "district_code": "VARCHAR(12) CONSTRAINT fk_organisation_district_code REFERENCES district (code)",
    "parent_id": "{uuid} CONSTRAINT fk_organisation_parent_id REFERENCES organisation (id)",
    "credit_code": "VARCHAR(18)",
    "phone": "VARCHAR(60) DEFAULT '' NOT NULL",
    "address": "VARCHAR(200) DEFAULT '' NOT NULL",
}
COMMENTS = {
    "organisation.district_code": "who looks after this entry; null: the city",
    "organisation.parent_id": "what it is a department of",
    "organisation.credit_code": "GB 32100",
    "user_account.code_hash": "of a one-time code, SHA-256",
    "user_account.password_hash": "argon2id; empty: none yet, a code opens",
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    uuid = "CHAR(32)" if is_sqlite else "UUID"
    for name, kind in ORGANISATION.items():
        op.execute(f"ALTER TABLE organisation ADD COLUMN {name} {kind.format(uuid=uuid)}")
    op.create_index("uq_organisation_credit_code", "organisation", ["credit_code"], unique=True)
    op.create_index("ix_organisation_parent_id", "organisation", ["parent_id"])
    op.create_index("ix_organisation_district_code", "organisation", ["district_code"])
    op.add_column("user_account", sa.Column("code_hash", sa.String(64)))
    op.add_column("user_account", sa.Column("code_expires_at", sa.DateTime(timezone=True)))
    if not is_sqlite:
        for column, text in COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN {column} IS '{text}'")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("COMMENT ON COLUMN user_account.password_hash IS 'argon2id'")
    op.execute("ALTER TABLE user_account DROP COLUMN code_expires_at")
    op.execute("ALTER TABLE user_account DROP COLUMN code_hash")
    op.drop_index("ix_organisation_district_code", "organisation")
    op.drop_index("ix_organisation_parent_id", "organisation")
    op.drop_index("uq_organisation_credit_code", "organisation")
    for name in reversed(ORGANISATION):
        op.execute(f"ALTER TABLE organisation DROP COLUMN {name}")
