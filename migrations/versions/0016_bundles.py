"""Which mail carried a delivery, how many mails somebody wants in a day, and an index to prune by."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("carrier_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE delivery SET carrier_id = id WHERE handed_over_at IS NOT NULL OR sent_at IS NOT NULL")
    op.create_index(
        "ix_delivery_over",
        "delivery",
        ["due_at"],
        postgresql_where=sa.text("state NOT IN ('planned', 'deferred', 'sending')"),
    )
    op.add_column("account", sa.Column("daily_budget", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "daily_budget")
    op.drop_index("ix_delivery_over", "delivery")
    op.drop_column("delivery", "carrier_id")
