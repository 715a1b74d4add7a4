"""A member's newest receipts are found without looking through everybody's"""

from alembic import op

revision = '20261127_receipts_by_member'
down_revision = '20261126_opinions'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index('ix_receipt_by_member', ['member_id', 'received_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index('ix_receipt_by_member')
