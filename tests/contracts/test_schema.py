"""Models and migrations say the same, and migrations run up and down."""

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from pydantic import SecretStr
from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from groupsite import create_app
from groupsite.config import Settings
from groupsite.extensions import db
from groupsite.formats import group_file
from groupsite.mail.vault import Vault
from groupsite.models import Base
from groupsite.services import demo
from tests.plugins.application import MORNING, SAMPLE


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
