"""Sessions that can be told apart and ended one by one, on shared devices, and sure of who is there."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "web_session", sa.Column("handle", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.add_column("web_session", sa.Column("device", sa.Text(), server_default="", nullable=False))
    op.add_column("web_session", sa.Column("is_shared", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("web_session", sa.Column("confirmed_at", sa.TIMESTAMP(timezone=True), nullable=True))
    for name in ("handle", "device", "is_shared"):
        op.alter_column("web_session", name, server_default=None)
    op.create_unique_constraint("uq_web_session_handle", "web_session", ["handle"])
    op.create_index("ix_web_session_last_seen_at", "web_session", ["last_seen_at"])


def downgrade() -> None:
    op.drop_index("ix_web_session_last_seen_at", "web_session")
    op.drop_constraint("uq_web_session_handle", "web_session", type_="unique")
    for name in ("confirmed_at", "is_shared", "device", "handle"):
        op.drop_column("web_session", name)
