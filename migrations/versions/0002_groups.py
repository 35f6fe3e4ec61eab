"""Groups, and what belongs to their listing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "family",
            sa.Enum(
                "coda_style",
                "alanon_style",
                "independent",
                name="family",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "attendance",
            sa.Enum(
                "members_only",
                "observers_welcome",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "listing_state",
            sa.Enum(
                "draft",
                "active",
                "unconfirmed",
                "under_review",
                "paused",
                "closed",
                name="listingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column(
            "holidays",
            sa.Enum("yes", "no", "ask", name="holidaypolicy", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("arrival_note", sa.Text(), nullable=False),
        sa.Column("enrolment", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("origin_key", sa.Text(), nullable=True),
        sa.Column("origin_updated_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("type_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_group"),
        sa.UniqueConstraint("slug", name="uq_group_slug"),
    )
    op.create_index("ix_group_listing_state", "group", ["listing_state"], unique=False)
    op.create_index(
        "uq_group_origin_key",
        "group",
        ["origin", "origin_key"],
        unique=True,
        postgresql_where=sa.text("origin IS NOT NULL"),
    )
    op.create_table(
        "listing_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name="fk_listing_confirmation_group_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listing_confirmation"),
    )
    op.create_index("ix_listing_confirmation_group_id", "listing_confirmation", ["group_id"], unique=False)
    op.create_table(
        "meeting_format",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("total_minutes", sa.Integer(), nullable=False),
        sa.Column("share_limit_minutes", sa.Integer(), nullable=True),
        sa.Column("share_limit_words", sa.Integer(), nullable=True),
        sa.Column("signal", sa.Text(), nullable=True),
        sa.Column("segments", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_meeting_format_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_format"),
        sa.UniqueConstraint("group_id", "slug", name="uq_meeting_format_group_id_slug"),
    )
    op.create_table(
        "service_position",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("backup", sa.Text(), nullable=True),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name="fk_service_position_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_service_position"),
    )
    op.create_index("ix_service_position_group_id", "service_position", ["group_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_service_position_group_id", table_name="service_position")
    op.drop_table("service_position")
    op.drop_table("meeting_format")
    op.drop_index("ix_listing_confirmation_group_id", table_name="listing_confirmation")
    op.drop_table("listing_confirmation")
    op.drop_index("uq_group_origin_key", table_name="group", postgresql_where=sa.text("origin IS NOT NULL"))
    op.drop_index("ix_group_listing_state", table_name="group")
    op.drop_table("group")
