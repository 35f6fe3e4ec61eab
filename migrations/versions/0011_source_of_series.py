"""Remember by what a series that was brought in was known elsewhere, so that it comes once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ONCE = "uq_meeting_series_group_id_source_hash"


def upgrade() -> None:
    op.add_column("meeting_series", sa.Column("source_hash", sa.Text(), nullable=True))
    op.create_unique_constraint(ONCE, "meeting_series", ["group_id", "source_hash"])


def downgrade() -> None:
    op.drop_constraint(ONCE, "meeting_series")
    op.drop_column("meeting_series", "source_hash")
