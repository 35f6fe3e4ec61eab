"""Recurring meetings and the dates derived from them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sharing",
                "topic",
                "speaker",
                "step_study",
                "tradition_study",
                "literature_study",
                "newcomers",
                "meditation",
                "writing",
                "question_and_answer",
                "gratitude",
                "open_topic",
                "written",
                "business",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kind_by_week_of_month", postgresql.JSONB(), nullable=False),
        sa.Column("kind_by_weekday", postgresql.JSONB(), nullable=False),
        sa.Column(
            "modality",
            sa.Enum(
                "in_person",
                "online",
                "hybrid",
                "phone",
                "written",
                name="modality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("dtstart_local", sa.TIMESTAMP(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("rrule", sa.Text(), nullable=True),
        sa.Column("exdates_local", postgresql.ARRAY(sa.TIMESTAMP()), nullable=False),
        sa.Column("rdates_local", postgresql.ARRAY(sa.TIMESTAMP()), nullable=False),
        sa.Column("venue", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("join", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("format_slug", sa.Text(), nullable=True),
        sa.Column("replaces", sa.Text(), nullable=True),
        sa.Column("share_window", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("calendar_block", sa.LargeBinary(), nullable=True),
        sa.Column("block_renews_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_meeting_series_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_series"),
        sa.UniqueConstraint("group_id", "slug", name="uq_meeting_series_group_id_slug"),
        sa.UniqueConstraint("uid", name="uq_meeting_series_uid"),
    )
    op.create_table(
        "occurrence",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("original_local", sa.TIMESTAMP(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("series_slug", sa.Text(), nullable=False),
        sa.Column("original_utc", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("start_local", sa.TIMESTAMP(), nullable=False),
        sa.Column("start_utc", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("end_utc", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "changed",
                "moved",
                "relocated",
                "cancelled",
                name="occurrencestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sharing",
                "topic",
                "speaker",
                "step_study",
                "tradition_study",
                "literature_study",
                "newcomers",
                "meditation",
                "writing",
                "question_and_answer",
                "gratitude",
                "open_topic",
                "written",
                "business",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "modality",
            sa.Enum(
                "in_person",
                "online",
                "hybrid",
                "phone",
                "written",
                name="modality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("venue", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column(
            "notice",
            sa.Enum(
                "planned", "temporary", "urgent", name="notice", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_occurrence_group_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name="fk_occurrence_series_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "original_local", name="pk_occurrence"),
    )
    op.create_index("ix_occurrence_group_id_start_utc", "occurrence", ["group_id", "start_utc"], unique=False)
    op.create_index("ix_occurrence_series_id_start_utc", "occurrence", ["series_id", "start_utc"], unique=False)
    op.create_index("ix_occurrence_start_utc", "occurrence", ["start_utc"], unique=False)
    op.create_table(
        "series_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "cancel",
                "move",
                "relocate",
                "change_modality",
                "retitle",
                name="overrideaction",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "notice",
            sa.Enum(
                "planned", "temporary", "urgent", name="notice", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("recurrence_id_local", sa.TIMESTAMP(), nullable=True),
        sa.Column("first_date", sa.Date(), nullable=True),
        sa.Column("last_date", sa.Date(), nullable=True),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("new_start_local", sa.TIMESTAMP(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "sharing",
                "topic",
                "speaker",
                "step_study",
                "tradition_study",
                "literature_study",
                "newcomers",
                "meditation",
                "writing",
                "question_and_answer",
                "gratitude",
                "open_topic",
                "written",
                "business",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "modality",
            sa.Enum(
                "in_person",
                "online",
                "hybrid",
                "phone",
                "written",
                name="modality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("venue", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("decided_local", sa.TIMESTAMP(), nullable=True),
        sa.Column("decided_by_role", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(recurrence_id_local IS NULL) <> (first_date IS NULL)", name="ck_series_override_one_date_or_range"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name="fk_series_override_series_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_series_override"),
    )
    op.create_index("ix_series_override_series_id", "series_override", ["series_id"], unique=False)
    op.create_table(
        "series_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name="fk_series_pause_series_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_series_pause"),
    )
    op.create_index("ix_series_pause_series_id", "series_pause", ["series_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_series_pause_series_id", table_name="series_pause")
    op.drop_table("series_pause")
    op.drop_index("ix_series_override_series_id", table_name="series_override")
    op.drop_table("series_override")
    op.drop_index("ix_occurrence_start_utc", table_name="occurrence")
    op.drop_index("ix_occurrence_series_id_start_utc", table_name="occurrence")
    op.drop_index("ix_occurrence_group_id_start_utc", table_name="occurrence")
    op.drop_table("occurrence")
    op.drop_table("meeting_series")
