"""Out of sight, deletion in batches, and on which days and by which kinds of mail somebody may be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

CHECK = "membershipstate"
STATES = ("requested", "active", "resting", "left")
QUIET = "quiet_from IS NOT NULL AND quiet_until IS NOT NULL"
COLUMNS = (
    ("safe_days", sa.SmallInteger(), "127"),
    ("never_contact", sa.Boolean(), "false"),
    ("takes_reminders", sa.Boolean(), "true"),
    ("takes_changes", sa.Boolean(), "true"),
    ("takes_invites", sa.Boolean(), "true"),
)


def upgrade() -> None:
    for name, kind, value in COLUMNS:
        op.add_column("account", sa.Column(name, kind, server_default=value, nullable=False))
    for name in ("hidden_at", "deleted_at"):
        op.add_column("account", sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=True))
    _allow_states(*STATES, "hidden")
    op.drop_index("ix_account_quiet", "account")
    profile = [
        sa.text("coalesce(timezone, '')"),
        sa.text("coalesce(quiet_from, '00:00:00')"),
        sa.text("coalesce(quiet_until, '00:00:00')"),
        "safe_days",
    ]
    op.create_index("ix_account_quiet", "account", profile, postgresql_where=sa.text(f"({QUIET}) OR safe_days <> 127"))
    op.create_index(
        "ix_account_deleted_at", "account", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL")
    )
    op.create_index(
        "ix_audit_entry_actor_id", "audit_entry", ["actor_id"], postgresql_where=sa.text("actor_id IS NOT NULL")
    )
    op.create_index("ix_calendar_feed_account_id", "calendar_feed", ["account_id"])
    op.create_index("ix_delivery_token_id", "delivery", ["token_id"], postgresql_where=sa.text("token_id IS NOT NULL"))


def downgrade() -> None:
    """Older code keeps nobody out of sight: such an account leaves its groups, and only a recovery code opens it."""
    op.execute("DELETE FROM account WHERE deleted_at IS NOT NULL")
    op.execute("UPDATE account SET password_hash = '' WHERE hidden_at IS NOT NULL")
    op.execute("DELETE FROM written_share USING membership m WHERE m.id = membership_id AND m.state = 'hidden'")
    op.execute("UPDATE membership SET state = 'left', display_name = '', roles = '{}' WHERE state = 'hidden'")
    op.drop_index("ix_delivery_token_id", "delivery")
    op.drop_index("ix_calendar_feed_account_id", "calendar_feed")
    op.drop_index("ix_audit_entry_actor_id", "audit_entry", if_exists=True)
    op.drop_index("ix_account_deleted_at", "account")
    op.drop_index("ix_account_quiet", "account")
    op.create_index(
        "ix_account_quiet",
        "account",
        [sa.text("coalesce(timezone, '')"), "quiet_from", "quiet_until"],
        postgresql_where=sa.text(QUIET),
    )
    _allow_states(*STATES)
    for name in ("hidden_at", "deleted_at", *(name for name, *_ in COLUMNS)):
        op.drop_column("account", name)


def _allow_states(*states: str) -> None:
    """As text, not as a type of the database: its check is written anew."""
    op.drop_constraint(CHECK, "membership", type_="check")
    op.create_check_constraint(CHECK, "membership", sa.column("state").in_(states))
