"""Several named calendars for each member, each with what it may say; ids that match nobody else's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RANDOM_KEY = "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"
LEVEL = sa.Enum("busy", "own_words", "full", name="feedlevel", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.add_column("calendar_feed", sa.Column("uid_key", sa.LargeBinary(), nullable=True))
    op.add_column("calendar_feed", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("calendar_feed", sa.Column("level", LEVEL, nullable=True))
    op.add_column("calendar_feed", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("calendar_feed", sa.Column("alarm_minutes", sa.Integer(), nullable=True))
    op.add_column("calendar_feed", sa.Column("shows_cancelled", sa.Boolean(), nullable=True))
    op.add_column("calendar_feed", sa.Column("shows_answers", sa.Boolean(), nullable=True))
    op.add_column("calendar_feed", sa.Column("is_of_everything", sa.Boolean(), nullable=True))
    op.add_column("calendar_feed", sa.Column("series_ids", postgresql.ARRAY(sa.Uuid()), nullable=True))
    op.add_column("calendar_feed", sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.execute(
        f"UPDATE calendar_feed SET uid_key = {RANDOM_KEY}, name = '', title = '', shows_cancelled = true,"  # noqa: S608
        " shows_answers = false, is_of_everything = true, series_ids = '{}', changed_at = created_at,"
        " level = CASE WHEN discreet THEN 'own_words' ELSE 'full' END"
    )
    for name in ("uid_key", "name", "level", "title", "shows_cancelled", "shows_answers", "is_of_everything",
                 "series_ids", "changed_at"):  # fmt: skip
        op.alter_column("calendar_feed", name, nullable=False)
    op.drop_column("calendar_feed", "discreet")
    op.add_column("meeting_series", sa.Column("bare_block", sa.LargeBinary(), nullable=True))
    op.add_column("meeting_series", sa.Column("block_version", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("meeting_series", "block_version")
    op.drop_column("meeting_series", "bare_block")
    op.add_column("calendar_feed", sa.Column("discreet", sa.Boolean(), nullable=True))
    op.execute("UPDATE calendar_feed SET discreet = level <> 'full'")
    op.alter_column("calendar_feed", "discreet", nullable=False)
    for name in ("changed_at", "series_ids", "is_of_everything", "shows_answers", "shows_cancelled", "alarm_minutes",
                 "title", "level", "name", "uid_key"):  # fmt: skip
        op.drop_column("calendar_feed", name)
