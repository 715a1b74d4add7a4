"""Receipts of what phones have sent"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '20261125_receipts'
down_revision = '20261124_first_tables'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('receipt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('member_tag', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('route', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('endpoint', sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
    sa.Column('body_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('form_version', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
    sa.Column('written_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('received_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('signature', sqlmodel.sql.sqltypes.AutoString(length=86), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('location', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id']),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key')
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_received_at'), ['received_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_received_at'))

    op.drop_table('receipt')
