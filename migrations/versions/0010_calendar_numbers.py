"""Numbers and stamps of their own for the rule of a series and each exception; which zone data the dates follow from."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = (
    ("revision", sa.Integer(), "sequence"),
    ("rule_sequence", sa.Integer(), "sequence"),
    ("rule_raised_at", sa.TIMESTAMP(timezone=True), "changed_at"),
    ("rule_changed_at", sa.TIMESTAMP(timezone=True), "changed_at"),
)
"""Column of a series, type, and what it was until now."""


def upgrade() -> None:
    for name, kind, _ in NEW:
        op.add_column("meeting_series", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE meeting_series SET " + ", ".join(f"{name} = {was}" for name, _, was in NEW))  # noqa: S608
    for name, _, _ in NEW:
        op.alter_column("meeting_series", name, nullable=False)
    op.alter_column("delivery", "sequence", new_column_name="revision")
    op.create_table(
        "derived_with",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tzdata", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_derived_with"),
    )


def downgrade() -> None:
    op.drop_table("derived_with")
    op.alter_column("delivery", "revision", new_column_name="sequence")
    for name, _, _ in reversed(NEW):
        op.drop_column("meeting_series", name)
