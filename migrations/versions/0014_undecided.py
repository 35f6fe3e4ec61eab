"""A date that is left open although the whole series was accepted."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("rsvp", "invite")


def upgrade() -> None:
    _allow("'going', 'not_this_time', 'undecided'")


def downgrade() -> None:
    op.execute("DELETE FROM rsvp WHERE answer = 'undecided'")
    _allow("'going', 'not_this_time'")


def _allow(words: str) -> None:
    for table in TABLES:
        op.drop_constraint("answer", table, type_="check")
        op.create_check_constraint("answer", table, f"answer IN ({words})")
