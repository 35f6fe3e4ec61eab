"""Tell the web processes which calendars have changed, so that they may keep the others."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION tell_calendars() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO whose USING OLD;
    ELSE
        EXECUTE format('SELECT ($1).%I::text', TG_ARGV[1]) INTO whose USING NEW;
    END IF;
    PERFORM pg_notify('calendars', TG_ARGV[0] || ':' || whose);
    RETURN NULL;
END $$
"""
TOLD = (
    ("meeting_series", "group", "group_id", "sequence, changed_at, slug, position, join"),
    ("group", "group", "id", "name, slug, listing_state"),
    ("membership", "account", "account_id", "state"),
    ("calendar_feed", "account", "account_id", "revoked_at, changed_at, level, title, alarm_minutes, series_ids"),
    ("account", "account", "id", "discreet_title"),
)
"""Table, kind of owner, column that names the owner, columns whose change matters."""


def upgrade() -> None:
    op.execute(FUNCTION)
    for table, kind, column, columns in TOLD:
        names = ", ".join(f'"{name}"' for name in columns.split(", "))
        op.execute(
            f'CREATE TRIGGER tell_calendars AFTER INSERT OR DELETE OR UPDATE OF {names} ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION tell_calendars('{kind}', '{column}')"
        )


def downgrade() -> None:
    for table, *_ in reversed(TOLD):
        op.execute(f'DROP TRIGGER tell_calendars ON "{table}"')
    op.execute("DROP FUNCTION tell_calendars()")
