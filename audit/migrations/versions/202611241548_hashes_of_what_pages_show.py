"""hashes of what pages show"""

import sqlalchemy as sa
from alembic import op

revision = '202611241548'
down_revision = '202611241547'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_hashes', sa.JSON(none_as_null=True), nullable=True, comment='SHA-256 of each derivative, the largest first; null: made before they were noted'))


def downgrade() -> None:
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_column('shown_hashes')
