"""the latest inspections in order"""

import sqlalchemy as sa
from alembic import op

revision = '202611241547'
down_revision = '202611241524'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_started_at', ['started_at', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_started_at')

