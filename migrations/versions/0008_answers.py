"""What members mean to do about a date, the invites that they answer, and how incoming mail ended."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ANSWER = sa.Enum("going", "not_this_time", name="answer", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "rsvp",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("original_local", sa.TIMESTAMP(), nullable=False),
        sa.Column("answer", ANSWER, nullable=False),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("end_utc", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="fk_rsvp_membership_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name="fk_rsvp_series_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("membership_id", "series_id", "original_local", name="pk_rsvp"),
    )
    op.create_index("ix_rsvp_series_id_original_local", "rsvp", ["series_id", "original_local"], unique=False)
    op.create_index("ix_rsvp_end_utc", "rsvp", ["end_utc"], unique=False)
    op.create_table(
        "invite",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answer", ANSWER, nullable=True),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_invite_membership_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name="fk_invite_series_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("membership_id", "series_id", name="pk_invite"),
        sa.UniqueConstraint("address_hash", name="uq_invite_address_hash"),
    )
    op.create_table(
        "inbound_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "outcome", name="pk_inbound_count"),
    )
    op.add_column("delivery", sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "answered_at")
    op.drop_table("inbound_count")
    op.drop_table("invite")
    op.drop_table("rsvp")
