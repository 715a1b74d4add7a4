"""The lines in which returning phones wait"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '20261130_admission'
down_revision = '20261129_rescue_copies'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('admission_line',
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('spent_until', sa.Float(), nullable=False),
    sa.Column('told_until', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('kind')
    )


def downgrade() -> None:
    op.drop_table('admission_line')
