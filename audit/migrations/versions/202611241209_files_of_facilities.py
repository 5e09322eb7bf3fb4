"""files of facilities"""

import sqlalchemy as sa
from alembic import op

revision = '202611241209'
down_revision = "202611241157"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('facility_import',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False, comment='of the file'),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False, comment='rules.columns.Plan'),
    sa.Column('offers', sa.JSON(), nullable=False, comment='what the last trial noticed: swap, datum'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_by_name', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facility_import'))
    )
    with op.batch_alter_table('facility_import', schema=None) as batch_op:
        batch_op.create_index('ix_facility_import_created_by_id', ['created_by_id', 'created_at'], unique=False)

    op.create_table('facility_import_row',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False, comment='as a spreadsheet counts'),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=True, comment='what would be added'),
    sa.Column('take', sa.Boolean(), nullable=False, comment='a twin to be added all the same'),
    sa.Column('twin_id', sa.Uuid(), nullable=True),
    sa.Column('twin_line', sa.Integer(), nullable=True, comment='higher up in the same file'),
    sa.Column('facility_id', sa.Uuid(), nullable=True, comment='given at the trial; added under it'),
    sa.Column('error', sa.Text(), nullable=False, comment='why adding or undoing failed'),
    sa.ForeignKeyConstraint(['import_id'], ['facility_import.id'], name=op.f('fk_facility_import_row_import_id')),
    sa.ForeignKeyConstraint(['twin_id'], ['facility.id'], name=op.f('fk_facility_import_row_twin_id')),
    sa.PrimaryKeyConstraint('import_id', 'line', name=op.f('pk_facility_import_row'))
    )
    with op.batch_alter_table('facility_import_row', schema=None) as batch_op:
        batch_op.create_index('ix_facility_import_row_import_id', ['import_id', 'state', 'line'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('facility_import_row', schema=None) as batch_op:
        batch_op.drop_index('ix_facility_import_row_import_id')

    op.drop_table('facility_import_row')
    with op.batch_alter_table('facility_import', schema=None) as batch_op:
        batch_op.drop_index('ix_facility_import_created_by_id')

    op.drop_table('facility_import')
