"""Opinions"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '20261126_opinions'
down_revision = '20261125_receipts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('opinion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('opinion', 'question', 'proposal', name='opinionkind', native_enum=False, length=32), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(length=150), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('submitted_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('answer_post_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['answer_post_id'], ['post.id']),
    sa.ForeignKeyConstraint(['owner_id'], ['member.id']),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id']),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('opinion', schema=None) as batch_op:
        batch_op.create_index('ix_opinion_owner', ['owner_id', 'submitted_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opinion_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('ix_opinion_waiting', ['answered_at', 'submitted_at', 'id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('opinion', schema=None) as batch_op:
        batch_op.drop_index('ix_opinion_waiting')
        batch_op.drop_index(batch_op.f('ix_opinion_unit_id'))
        batch_op.drop_index('ix_opinion_owner')

    op.drop_table('opinion')
