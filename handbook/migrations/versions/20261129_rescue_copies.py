"""Copies of unsent work"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '20261129_rescue_copies'
down_revision = '20261128_attachments'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rescue_copy',
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('written', sa.BigInteger(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('updated_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id']),
    sa.PrimaryKeyConstraint('member_id', 'id')
    )
    with op.batch_alter_table('rescue_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rescue_copy_updated_at'), ['updated_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('rescue_copy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rescue_copy_updated_at'))

    op.drop_table('rescue_copy')
