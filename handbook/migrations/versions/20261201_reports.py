"""Forms, what is asked on them of whom, and what was sent and reviewed"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '20261201_reports'
down_revision = '20261130_admission'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report_form',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('retired_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['member.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('unit_id', 'name', name='uq_report_form_name')
    )
    op.create_table('form_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('form_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('program', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('published_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['member.id'], ),
    sa.ForeignKeyConstraint(['form_id'], ['report_form.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('form_id', 'number', name='uq_form_version_number')
    )
    op.create_table('report_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('respondent', sa.Enum('member', 'unit', name='respondent', native_enum=False, length=32), nullable=False),
    sa.Column('level_code', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
    sa.Column('period', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('grace_until', sa.Date(), nullable=False),
    sa.Column('locks_on', sa.Date(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('opened_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('cancelled_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['member.id'], ),
    sa.ForeignKeyConstraint(['level_code'], ['level.code'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['version_id'], ['form_version.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_report_request_unit', 'report_request', ['unit_id', 'opens_on', 'id'], unique=False)
    op.create_table('duty',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('unit_number', sa.Integer(), nullable=False),
    sa.Column('member_status', sa.Enum('candidate', 'probationary', 'official', 'temporary_in', 'temporary_out', 'exempt', 'suspended', 'transferred_out_pending', 'left', 'removed', 'expelled', 'deceased', name='status', native_enum=False, length=32), nullable=True),
    sa.Column('state', sa.Enum('owed', 'sent', 'returned', 'accepted', name='dutystate', native_enum=False, length=32), nullable=False),
    sa.Column('newest', sa.Integer(), nullable=False),
    sa.Column('received_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('on_time', sa.Boolean(), nullable=True),
    sa.Column('extended_to', sa.Date(), nullable=True),
    sa.Column('excused_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('excuse', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['request_id'], ['report_request.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_id', 'unit_id', 'member_id', name='uq_duty_respondent')
    )
    op.create_index('ix_duty_member', 'duty', ['member_id', 'request_id'], unique=False)
    op.create_index('ix_duty_place', 'duty', ['request_id', 'unit_number', 'state', 'id'], unique=False)
    op.create_table('request_unit',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('on_time', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['report_request.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('request_id', 'number')
    )
    op.create_index('ix_request_unit_parent', 'request_unit', ['request_id', 'parent_id', 'number'], unique=False)
    op.create_index(op.f('ix_request_unit_unit_id'), 'request_unit', ['unit_id'], unique=False)
    op.create_table('submission',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('duty_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('filled_on', sa.Date(), nullable=False),
    sa.Column('written_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('received_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('late_arrival', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['duty_id'], ['duty.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['version_id'], ['form_version.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('duty_id', 'number', name='uq_submission_number')
    )
    op.create_table('review',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('verdict', sa.Enum('returned', 'accepted', name='verdict', native_enum=False, length=32), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('reviewed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], ),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_review_submission_id'), 'review', ['submission_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_review_submission_id'), table_name='review')
    op.drop_table('review')
    op.drop_table('submission')
    op.drop_index(op.f('ix_request_unit_unit_id'), table_name='request_unit')
    op.drop_index('ix_request_unit_parent', table_name='request_unit')
    op.drop_table('request_unit')
    op.drop_index('ix_duty_place', table_name='duty')
    op.drop_index('ix_duty_member', table_name='duty')
    op.drop_table('duty')
    op.drop_index('ix_report_request_unit', table_name='report_request')
    op.drop_table('report_request')
    op.drop_table('form_version')
    op.drop_table('report_form')
