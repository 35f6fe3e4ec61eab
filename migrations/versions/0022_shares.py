"""Shares to the end: drafts, held and returned, reports, audiences, dates of written meetings, how a group writes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAMES = ("state", "words_sealed", "audience", "stays_days", "series_id", "original_local", "is_opening", "waits_since",
         "held_for", "guideline", "decided_by_id", "was_kept", "has_appealed")  # fmt: skip


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def upgrade() -> None:
    for column in _columns():
        op.add_column("written_share", column)
    for name, table in (("series_id", "meeting_series"), ("decided_by_id", "membership")):
        key = f"fk_written_share_{name}"
        op.create_foreign_key(key, "written_share", table, [name], ["id"], ondelete="SET NULL")
    _indexes()
    op.create_table(
        "share_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason", word("reportreason", "names_a_person", "method", "advice", "approach", "other"), nullable=False
        ),
        flag("is_settled"),
        sa.ForeignKeyConstraint(
            ["share_id"], ["written_share.id"], name="fk_share_report_share_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["membership.id"], name="fk_share_report_reporter_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_share_report"),
        sa.UniqueConstraint("share_id", "reporter_id", name="uq_share_report_share_id_reporter_id"),
    )
    op.create_index("ix_share_report_reporter_id", "share_report", ["reporter_id"], unique=False)
    op.add_column("group", sa.Column("sharing_chosen", postgresql.JSONB(), nullable=True))
    op.add_column("membership", flag("opens_notes"))


def _columns() -> list[sa.Column[object]]:
    guidelines = ("names_a_person", "contact_details", "advice", "method", "approach", "not_own_words")
    states = word("sharestate", "draft", "held", "published", "returned")
    return [
        sa.Column("state", states, nullable=False, server_default="published"),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "audience",
            word("shareaudience", "members", "newcomers", "trusted"),
            nullable=False,
            server_default="members",
        ),
        sa.Column("stays_days", sa.Integer(), nullable=False, server_default="7"),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("original_local", sa.TIMESTAMP(timezone=False), nullable=True),
        flag("is_opening"),
        sa.Column("waits_since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("held_for", word("heldfor", "first_look", "reports", "appeal"), nullable=True),
        sa.Column("guideline", word("guideline", *guidelines), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        flag("was_kept"),
        flag("has_appealed"),
    ]


def _indexes() -> None:
    op.create_index("ix_written_share_series_id", "written_share", ["series_id", "original_local"], unique=False)
    op.create_index("ix_written_share_decided_by_id", "written_share", ["decided_by_id"], unique=False)
    op.create_index(
        "ix_written_share_waits_since", "written_share", ["group_id", "waits_since"], unique=False,
        postgresql_where=sa.text("waits_since IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "uq_written_share_draft", "written_share", ["membership_id"], unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )  # fmt: skip


def downgrade() -> None:
    """Older code would show whatever has a row: what is not shown to everybody goes, and so does what is not shown yet."""
    op.execute("DELETE FROM written_share WHERE state <> 'published' OR audience = 'trusted' OR published_at > now()")
    op.drop_column("membership", "opens_notes")
    op.drop_column("group", "sharing_chosen")
    op.drop_table("share_report")
    for name in (
        "uq_written_share_draft",
        "ix_written_share_waits_since",
        "ix_written_share_decided_by_id",
        "ix_written_share_series_id",
    ):
        op.drop_index(name, "written_share")
    for name in NAMES:
        op.drop_column("written_share", name)
