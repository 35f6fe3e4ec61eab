"""Since when each calendar is as it was last fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SERVED = ("calendar_feed", "group", "meeting_series")


def upgrade() -> None:
    for table in SERVED:
        op.add_column(table, sa.Column("calendar_tag", sa.Text(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("calendar_since", sa.TIMESTAMP(timezone=True), nullable=True))


def downgrade() -> None:
    for table in SERVED:
        op.drop_column(table, "calendar_since")
        op.drop_column(table, "calendar_tag")
