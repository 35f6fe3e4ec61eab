"""Indexes by which the planner finds each profile of quiet hours, each lead and each zone without looking at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MARK = "planned_until"


def upgrade() -> None:
    op.create_index(
        "ix_account_quiet",
        "account",
        [sa.text("coalesce(timezone, '')"), "quiet_from", "quiet_until"],
        postgresql_where=sa.text("quiet_from IS NOT NULL AND quiet_until IS NOT NULL"),
    )
    op.create_index("ix_membership_lead_minutes", "membership", ["lead_minutes"])
    op.create_index("ix_meeting_series_timezone", "meeting_series", ["timezone"])


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM heartbeat WHERE name = :mark").bindparams(mark=MARK))
    op.drop_index("ix_meeting_series_timezone", "meeting_series")
    op.drop_index("ix_membership_lead_minutes", "membership")
    op.drop_index("ix_account_quiet", "account")
