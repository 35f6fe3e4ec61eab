"""Pairs that do not see each other, names that are kept out, how a group takes people in, and codes that open it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def joining() -> sa.Enum:
    words = ("open", "by_request", "by_invite")
    return sa.Enum(*words, name="joining", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _add_columns()
    op.create_table(
        "hidden_from",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("hider_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_hidden_from_group_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hider_id"], ["account.id"], name="fk_hidden_from_hider_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["account.id"], name="fk_hidden_from_other_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_hidden_from"),
        sa.UniqueConstraint("hider_id", "other_id", "group_id", name="uq_hidden_from_hider_id_other_id_group_id"),
    )
    op.create_index("ix_hidden_from_group_id", "hidden_from", ["group_id"], unique=False)
    op.create_index("ix_hidden_from_other_id", "hidden_from", ["other_id", "hider_id"], unique=False)
    op.create_table(
        "name_kept_out",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("name_mark", sa.LargeBinary(), nullable=False),
        sa.Column("short_marks", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("added_month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_name_kept_out_membership_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_name_kept_out"),
        sa.UniqueConstraint("membership_id", "name_mark", name="uq_name_kept_out_membership_id_name_mark"),
    )
    op.create_table(
        "invite_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_invite_code_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_invite_code"),
        sa.UniqueConstraint("code_hash", name="uq_invite_code_code_hash"),
    )
    op.create_index("ix_invite_code_group_id", "invite_code", ["group_id"], unique=False)


def _add_columns() -> None:
    op.add_column("group", sa.Column("joining", joining(), nullable=False, server_default="open"))
    op.add_column("membership", sa.Column("asked_on", sa.Date(), nullable=True))
    for name in ("needs_care", "was_declined"):
        op.add_column("membership", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Who has only asked is not made a member by it."""
    op.execute("DELETE FROM membership WHERE asked_on IS NOT NULL")
    for name in ("invite_code", "name_kept_out", "hidden_from"):
        op.drop_table(name)
    for name in ("was_declined", "needs_care", "asked_on"):
        op.drop_column("membership", name)
    op.drop_column("group", "joining")
