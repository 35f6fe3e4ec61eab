"""Texts that a group reads aloud, the sheet of a meeting while it is held, and visits that an open sheet keeps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def visibility() -> sa.Enum:
    words = ("readers_only", "during_meeting", "members")
    return sa.Enum(*words, name="textvisibility", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.add_column("web_session", sa.Column("sheet_until", sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_table(
        "group_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("visibility", visibility(), nullable=False),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("may_be_used", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_group_text_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_group_text"),
        sa.UniqueConstraint("group_id", "slot", name="uq_group_text_group_id_slot"),
    )
    op.create_table(
        "run_sheet",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("original_local", sa.TIMESTAMP(timezone=False), nullable=False),
        sa.Column("end_utc", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("segments", postgresql.JSONB(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("has_newcomer", sa.Boolean(), nullable=False),
        sa.Column("readers", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name="fk_run_sheet_series_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "original_local", name="pk_run_sheet"),
        sa.UniqueConstraint("code_hash", name="uq_run_sheet_code_hash"),
    )
    op.create_index("ix_run_sheet_end_utc", "run_sheet", ["end_utc"], unique=False)


def downgrade() -> None:
    """Texts of groups are lost with their table: older code has no place for them."""
    op.drop_table("run_sheet")
    op.drop_table("group_text")
    op.drop_column("web_session", "sheet_until")
