"""papers about findings"""

import sqlalchemy as sa
from alembic import op

revision = "202611242036"
down_revision = "202611242018"
branch_labels = None
depends_on = None

FROZEN = ("document_file", "document_step", "document_finding")
SAYS = "what is issued is never changed, and nothing is deleted"


def upgrade() -> None:
    op.create_table('document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('article', sa.String(length=24), nullable=False, comment='of the law; empty where nothing is ordered'),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('district_code', sa.String(length=12), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False, comment='to whom it is addressed'),
    sa.Column('texts', sa.JSON(), nullable=False, comment='typed, by the name of the blank'),
    sa.Column('number', sa.String(length=32), nullable=True, comment='ours, given when issued'),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('replaces_id', sa.Uuid(), nullable=True, comment='the version that this one corrects'),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drafted_by_id', sa.Uuid(), nullable=True),
    sa.Column('drafted_by_name', sa.String(length=60), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('approved_by_name', sa.String(length=60), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=True, comment='the whole paper, as it was approved'),
    sa.Column('content_sha256', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(kind = 'order') = (article <> '')", name=op.f('ck_document_article_of_orders')),
    sa.CheckConstraint("(state = 'issued') = (content is not null and content_sha256 is not null and number is not null and issued_at is not null and approved_by_id is not null)", name=op.f('ck_document_issued_whole')),
    sa.CheckConstraint('(version = 1) = (replaces_id is null)', name=op.f('ck_document_versions')),
    sa.CheckConstraint('approved_by_id is null or (drafted_by_id is not null and approved_by_id <> drafted_by_id)', name=op.f('ck_document_two_people')),
    sa.ForeignKeyConstraint(['district_code'], ['district.code'], name=op.f('fk_document_district_code')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_document_organisation_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['document.id'], name=op.f('fk_document_replaces_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('number', 'version', name=op.f('uq_document_number_version'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index('ix_document_changed_at', ['changed_at'], unique=False)
        batch_op.create_index('ix_document_district_code_state', ['district_code', 'state'], unique=False)
        batch_op.create_index('ix_document_organisation_id', ['organisation_id'], unique=False)
        batch_op.create_index('uq_document_replaces_id', ['replaces_id'], unique=True, sqlite_where=sa.text("state <> 'discarded'"), postgresql_where=sa.text("state <> 'discarded'"))

    op.create_table('document_file',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False, comment='docx, html, pdf, or the hash of a picture'),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('byte_size', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_file_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'name', name=op.f('pk_document_file'))
    )
    with op.batch_alter_table('document_file', schema=None) as batch_op:
        batch_op.create_index('ix_document_file_sha256', ['sha256'], unique=False)

    op.create_table('document_step',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_step_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'seq', name=op.f('pk_document_step'))
    )
    op.create_table('document_finding',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_finding_document_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_document_finding_finding_id')),
    sa.PrimaryKeyConstraint('document_id', 'finding_id', name=op.f('pk_document_finding'))
    )
    with op.batch_alter_table('document_finding', schema=None) as batch_op:
        batch_op.create_index('ix_document_finding_finding_id', ['finding_id'], unique=False)

    _refuse_changes()


def downgrade() -> None:
    with op.batch_alter_table('document_finding', schema=None) as batch_op:
        batch_op.drop_index('ix_document_finding_finding_id')

    op.drop_table('document_finding')
    op.drop_table('document_step')
    with op.batch_alter_table('document_file', schema=None) as batch_op:
        batch_op.drop_index('ix_document_file_sha256')

    op.drop_table('document_file')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('uq_document_replaces_id', sqlite_where=sa.text("state <> 'discarded'"), postgresql_where=sa.text("state <> 'discarded'"))
        batch_op.drop_index('ix_document_organisation_id')
        batch_op.drop_index('ix_document_district_code_state')
        batch_op.drop_index('ix_document_changed_at')

    op.drop_table('document')
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION document_refuse()")


def _refuse_changes() -> None:
    """Of a paper once it is issued, and of its findings, steps and files at any time."""
    if op.get_bind().dialect.name == "sqlite":
        _trigger("document", "UPDATE", "WHEN OLD.state = 'issued' ")
        for table in ("document", *FROZEN):
            _trigger(table, "DELETE")
        for table in FROZEN:
            _trigger(table, "UPDATE")
        return
    op.execute(
        "CREATE FUNCTION document_refuse() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{SAYS}'; END $$ LANGUAGE plpgsql"
    )
    run = "FOR EACH ROW EXECUTE FUNCTION document_refuse()"
    for table in FROZEN:
        op.execute(f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} {run}")
    op.execute(f"CREATE TRIGGER document_kept BEFORE DELETE ON document {run}")
    issued = "FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION document_refuse()"
    op.execute(f"CREATE TRIGGER document_frozen BEFORE UPDATE ON document {issued}")


def _trigger(table: str, verb: str, only: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} {only}"
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
