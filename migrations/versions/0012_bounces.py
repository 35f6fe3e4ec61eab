"""Addresses that mail came back from, the rest that the sender takes, and how each delivery came back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def fault() -> sa.Enum:
    words = ("address", "mailbox", "complaint", "policy", "authentication", "tls", "other")
    return sa.Enum(*words, name="fault", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("address_mark", sa.LargeBinary(), nullable=False),
        sa.Column("fault", fault(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address_mark", name="pk_suppression"),
    )
    op.create_index(
        "ix_suppression_last_on", "suppression", ["last_on"], unique=False, postgresql_where=sa.text("since IS NULL")
    )
    op.create_table(
        "sender_pause",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fault", fault(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resumed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_sender_pause"),
    )
    op.add_column("delivery", sa.Column("came_back", fault(), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "came_back")
    op.drop_table("sender_pause")
    op.drop_table("suppression")
