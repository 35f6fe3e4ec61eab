"""A span of rest, sudden changes only for those who allow them, and when somebody last said that mail is safe."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("rest_until", sa.Date(), nullable=True))
    op.add_column("account", sa.Column("allows_urgent", sa.Boolean(), server_default="false", nullable=False))
    op.alter_column("account", "allows_urgent", server_default=None)
    op.add_column("account", sa.Column("safe_on", sa.Date(), nullable=True))
    op.execute("UPDATE account SET safe_on = email_confirmed_at::date WHERE email_confirmed_at IS NOT NULL")


def downgrade() -> None:
    for name in ("safe_on", "allows_urgent", "rest_until"):
        op.drop_column("account", name)
