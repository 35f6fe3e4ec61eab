"""Passkeys, codes from an app, links by mail, sign-ins that are half done, and what changed about the ways to sign in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CHECK = "deliverykind"
KINDS = ("reminder", "change", "invite", "invite_cancel", "invite_withdraw", "confirm_email")
NEW_KINDS = ("sign_in_link", "sign_in_notice")
CHANGES = (
    "passkey_added", "passkey_removed", "codes_on", "codes_off", "links_on", "links_off",
    "password", "came_back", "address", "address_removed", "paper_made",
)  # fmt: skip
LINK = "sign-in"


def upgrade() -> None:
    _add_columns()
    _make_passkeys()
    _make_second_steps()
    _make_changes()
    _allow_kinds(*KINDS, *NEW_KINDS)


def _add_columns() -> None:
    for name in ("takes_notices", "takes_links"):
        op.add_column("account", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    at_random = sa.text("uuid_send(gen_random_uuid())")
    op.add_column("account", sa.Column("passkey_handle", sa.LargeBinary(), nullable=False, server_default=at_random))
    op.add_column("account", sa.Column("passkey_put_off_on", sa.Date(), nullable=True))
    op.create_unique_constraint("uq_account_passkey_handle", "account", ["passkey_handle"])
    made_change = sa.Column("made_change", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("web_session", made_change)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=f"fk_{table}_account_id", ondelete="CASCADE")


def _make_passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "spent_challenge",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_spent_challenge"),
    )
    op.create_index("ix_spent_challenge_expires_at", "spent_challenge", ["expires_at"])


def _make_second_steps() -> None:
    op.create_table(
        "second_step",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        _of_account("second_step"),
        sa.PrimaryKeyConstraint("account_id", name="pk_second_step"),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("wrong_codes", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        _of_account("half_sign_in"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_half_sign_in"),
    )
    op.create_index("ix_half_sign_in_account_id", "half_sign_in", ["account_id"])
    op.create_index("ix_half_sign_in_created_at", "half_sign_in", ["created_at"])


def _make_changes() -> None:
    what = sa.Enum(*CHANGES, name="wayschange", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "sign_in_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("what", what, nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        _of_account("sign_in_change"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_change"),
    )
    op.create_index("ix_sign_in_change_account_id", "sign_in_change", ["account_id"])
    op.create_index("ix_sign_in_change_changed_on", "sign_in_change", ["changed_on"])


def downgrade() -> None:
    """Older code knows the password and the paper alone: nobody is locked out, but nobody is asked for a code either."""
    kinds = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    op.execute(f"DELETE FROM delivery WHERE kind IN ({kinds})")  # noqa: S608  our own words
    op.execute(f"DELETE FROM single_use_token WHERE purpose = '{LINK}'")  # noqa: S608
    _allow_kinds(*KINDS)
    for table in ("sign_in_change", "half_sign_in", "second_step", "spent_challenge", "passkey"):
        op.drop_table(table)
    for name in ("passkey_put_off_on", "passkey_handle", "takes_links", "takes_notices"):
        op.drop_column("account", name)
    op.drop_column("web_session", "made_change")


def _allow_kinds(*kinds: str) -> None:
    """As text, not as a type of the database: its check is written anew."""
    op.drop_constraint(CHECK, "delivery", type_="check")
    op.create_check_constraint(CHECK, "delivery", sa.column("kind").in_(kinds))
