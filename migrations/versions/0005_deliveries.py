"""What is owed to whom, and what the system remembers of itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("subject", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name="fk_audit_entry_actor_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_audit_entry_group_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_group_id_at", "audit_entry", ["group_id", "at"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reminder",
                "change",
                "invite",
                "invite_cancel",
                "invite_withdraw",
                "confirm_email",
                name="deliverykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("original_local", sa.TIMESTAMP(), nullable=True),
        sa.Column("start_utc", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("lead_minutes", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "sending",
                "sent",
                "deferred",
                "failed",
                "expired",
                "cancelled",
                "suppressed",
                "unknown",
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_error_class", sa.Text(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_delivery_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_delivery_membership_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name="fk_delivery_series_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["token_id"], ["single_use_token.id"], name="fk_delivery_token_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("dedupe_key", name="uq_delivery_dedupe_key"),
    )
    op.create_index("ix_delivery_account_id", "delivery", ["account_id"], unique=False)
    op.create_index(
        "ix_delivery_leased", "delivery", ["lease_until"], unique=False, postgresql_where=sa.text("state = 'sending'")
    )
    op.create_index("ix_delivery_membership_id", "delivery", ["membership_id"], unique=False)
    op.create_index(
        "ix_delivery_ripe",
        "delivery",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('planned', 'deferred')"),
    )
    op.create_index("ix_delivery_series_id", "delivery", ["series_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_delivery_series_id", table_name="delivery")
    op.drop_index(
        "ix_delivery_ripe", table_name="delivery", postgresql_where=sa.text("state IN ('planned', 'deferred')")
    )
    op.drop_index("ix_delivery_membership_id", table_name="delivery")
    op.drop_index("ix_delivery_leased", table_name="delivery", postgresql_where=sa.text("state = 'sending'"))
    op.drop_index("ix_delivery_account_id", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index("ix_audit_entry_group_id_at", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("heartbeat")
