"""Memberships and written shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "active",
                "resting",
                "left",
                name="membershipstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("joined_month", sa.Date(), nullable=False),
        sa.Column("lead_minutes", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("wants_invites", sa.Boolean(), nullable=False),
        sa.Column("reminders_since", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("unsubscribe_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_membership_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("group_id", "account_id", name="uq_membership_group_id_account_id"),
        sa.UniqueConstraint("unsubscribe_hash", name="uq_membership_unsubscribe_hash"),
    )
    op.create_index("ix_membership_account_id", "membership", ["account_id"], unique=False)
    op.create_index(
        "uq_membership_display_name",
        "membership",
        ["group_id", sa.literal_column("lower(display_name)")],
        unique=True,
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.create_table(
        "written_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("content_note", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_written_share_group_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_written_share_membership_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_written_share"),
    )
    op.create_index("ix_written_share_expires_at", "written_share", ["expires_at"], unique=False)
    op.create_index(
        "ix_written_share_group_id_published_at", "written_share", ["group_id", "published_at"], unique=False
    )
    op.create_index("ix_written_share_membership_id", "written_share", ["membership_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_written_share_membership_id", table_name="written_share")
    op.drop_index("ix_written_share_group_id_published_at", table_name="written_share")
    op.drop_index("ix_written_share_expires_at", table_name="written_share")
    op.drop_table("written_share")
    op.drop_index("uq_membership_display_name", table_name="membership", postgresql_where=sa.text("state <> 'left'"))
    op.drop_index("ix_membership_account_id", table_name="membership")
    op.drop_table("membership")
