"""Models and migrations say the same, and migrations run up and down."""

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from pydantic import SecretStr
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from groupsite import create_app
from groupsite.config import Settings
from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.extensions import db
from groupsite.formats import group_file
from groupsite.mail.vault import Vault
from groupsite.models import Account, Base
from groupsite.services import demo, sign_in_links
from groupsite.services.disappearing import disappear
from tests.plugins.application import MORNING, SAMPLE

SHOWN = """
INSERT INTO written_share (id, group_id, membership_id, state, audience, content_note, body, published_at, expires_at)
SELECT gen_random_uuid(), group_id, id, state, audience, '', state || ' for ' || audience,
       now() - interval '1 hour' + days * interval '1 day', now() + interval '9 days'
FROM (SELECT id, group_id FROM membership LIMIT 1) AS one,
     (VALUES ('draft', 'members', 0), ('held', 'members', 0), ('returned', 'members', 0), ('published', 'trusted', 0),
             ('published', 'newcomers', 0), ('published', 'members', 1)) AS of (state, audience, days)"""
HERS = """
SELECT account.password_hash, membership.state, membership.display_name
FROM account JOIN membership ON membership.account_id = account.id WHERE login = 'charlene'"""


def test_migrations_build_what_the_models_say(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_migrations_run_down_and_up_with_data_in_the_tables(new_database: Callable[[], str], vault: Vault) -> None:
    settings = Settings(environment="testing", database_url=new_database(), secret_key=SecretStr("only to migrate"))
    with create_app(settings).app_context():
        with Session(db.engine) as session:
            demo.load(session, group_file.parse(SAMPLE.read_bytes()), now=MORNING, vault=vault)
            session.commit()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        assert set(inspect(db.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
        db.engine.dispose()


def test_older_code_shows_nobody_who_hides(new_database: Callable[[], str], vault: Vault) -> None:
    """It knows of no hiding: only a recovery code opens the account then, and nothing of it is in a group."""
    settings = Settings(environment="testing", database_url=new_database(), secret_key=SecretStr("only to migrate"))
    with create_app(settings).app_context():
        with Session(db.engine) as session:
            demo.load(session, group_file.parse(SAMPLE.read_bytes()), now=MORNING, vault=vault)
            for login, extent in (("charlene", Extent.HIDE), ("marisol", Extent.DELETE)):
                person = session.scalars(select(Account).where(Account.login == login)).one()
                disappear(session, VISITOR, person, extent, now=MORNING)
            session.commit()
        downgrade(revision="0017")
        with db.engine.connect() as connection:
            hers = connection.execute(text(HERS)).all()
            left = connection.scalar(text("SELECT count(*) FROM account WHERE login LIKE 'gone %'"))
        assert ({tuple(one) for one in hers}, left) == ({("", "left", "")}, 0)
        db.engine.dispose()


def test_older_code_shows_no_share_that_is_not_for_every_member_now(
    new_database: Callable[[], str], vault: Vault
) -> None:
    settings = Settings(environment="testing", database_url=new_database(), secret_key=SecretStr("only to migrate"))
    with create_app(settings).app_context():
        with Session(db.engine) as session:
            demo.load(session, group_file.parse(SAMPLE.read_bytes()), now=MORNING, vault=vault)
            session.execute(text("DELETE FROM written_share"))
            session.execute(text(SHOWN))
            session.commit()
        downgrade(revision="0020")
        with db.engine.connect() as connection:
            left = connection.scalars(text("SELECT body FROM written_share")).all()
        assert left == ["published for newcomers"]
        db.engine.dispose()


def test_older_code_finds_nothing_of_the_newer_ways_in(new_database: Callable[[], str], vault: Vault) -> None:
    """And going up again each account has a handle of its own."""
    settings = Settings(environment="testing", database_url=new_database(), secret_key=SecretStr("only to migrate"))
    with create_app(settings).app_context():
        with Session(db.engine) as session:
            demo.load(session, group_file.parse(SAMPLE.read_bytes()), now=MORNING, vault=vault)
            person = session.scalars(select(Account).where(Account.login == "charlene")).one()
            person.takes_links = True
            sign_in_links.ask(session, "charlene", "a browser", vault=vault, now=MORNING)
            session.commit()
            assert session.scalar(text("SELECT count(*) FROM delivery WHERE kind = 'sign_in_link'")) == 1
        downgrade(revision="0020")
        upgrade()
        with db.engine.connect() as connection:
            left = connection.scalar(text("SELECT count(*) FROM single_use_token WHERE purpose = 'sign-in'"))
            people, handles = connection.execute(
                text("SELECT count(*), count(DISTINCT passkey_handle) FROM account")
            ).one()
        assert (left, people) == (0, handles)
        db.engine.dispose()
