"""A real application on a real database. Each test runs inside one outer transaction that is rolled back at its end."""

from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from pydantic import SecretStr
from redis.exceptions import RedisError
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session

from groupsite import create_app
from groupsite.config import Settings
from groupsite.domain.permissions import VISITOR
from groupsite.extensions import db, limiter
from groupsite.logging import configure_logging
from groupsite.mail.vault import Vault
from tests.browser import Browser

SAMPLE = Path(__file__).parent.parent / "data" / "sample_groups.json"
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""A Tuesday: Tuesday Lantern meets at 19:00 in New York, which is midnight UTC."""


@dataclass
class Clock:
    """What time it is for the application under test."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def application_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(application_clock: Clock) -> Clock:
    application_clock.now = MORNING
    return application_clock


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str) -> Settings:
    return Settings(
        environment="testing",
        secret_key=SecretStr("a secret for tests, long enough to pass"),
        base_url="http://localhost",
        database_url=database_url,
        redis_url=redis_url,
        mail_url=SecretStr("null:"),
    )


@pytest.fixture(scope="session")
def application(settings: Settings, application_clock: Clock) -> Flask:
    return create_app(settings, application_clock)


@pytest.fixture
def another_application(settings: Settings, clock: Clock) -> Iterator[Callable[..., Flask]]:
    """Builds an application with other settings than the tests' own.

    The limiter is one for the process, and the newest application switches it: what one test switches on counts the
    sign-ups of every later test, until one of them is told to wait.
    """
    yield lambda **changes: create_app(settings.model_copy(update=changes), clock)
    if limiter.enabled:
        with suppress(RedisError):  # a test that has it away leaves no counts behind
            limiter.reset()
    limiter.enabled = False


@pytest.fixture(scope="session")
def empty_engine(settings: Settings) -> Iterator[Engine]:
    engine = create_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sample_engine(settings: Settings, new_database: Callable[[], str]) -> Iterator[Engine]:
    """A second database of this worker, with the sample and its people in it."""
    engine = create_engine(new_database())
    with Session(engine) as session:
        _load_sample(session, Vault(settings.secret_key.get_secret_value()))
        session.commit()
    yield engine
    engine.dispose()


def _load_sample(session: Session, vault: Vault) -> None:
    from groupsite.formats import group_file  # noqa: PLC0415  only tests with the sample need these
    from groupsite.services import demo, group_files  # noqa: PLC0415

    document = group_file.parse(SAMPLE.read_bytes())
    group_files.load(session, VISITOR, document, now=MORNING)
    demo.load_people(session, document, now=MORNING, vault=vault)


@pytest.fixture
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """The connection that everything in this test shares; nothing it does outlives the test."""
    with_sample = "sample" in request.fixturenames
    engine: Engine = request.getfixturevalue("sample_engine" if with_sample else "empty_engine")
    with engine.connect() as shared:
        outer = shared.begin()
        yield shared
        outer.rollback()


@pytest.fixture
def app(application: Flask, connection: Connection, clock: Clock) -> Iterator[Flask]:
    """The application, its database bound to this test's connection."""
    with application.app_context():
        engines = cast("dict[str | None, object]", db.engines)
    own = dict(engines)
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    engines |= dict.fromkeys(own, connection)
    yield application
    engines |= own


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """For the test's own reading and writing: commit (or flush) before the application looks."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=True) as own:
        yield own


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return Vault(settings.secret_key.get_secret_value())


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is logged from now on, as it is written. (What pytest captures misses it: loggers keep the stream they began with.)"""
    written = StringIO()
    with redirect_stderr(written):
        configure_logging()
    yield written
    configure_logging()


@pytest.fixture
def sample() -> None:
    """Ask for it and the database holds the 12 groups of the sample, their people and their dates."""


@pytest.fixture
def client(app: Flask) -> Browser:
    """A visitor's browser: keeps cookies, fills in the CSRF token of the form it was shown."""
    return Browser(app.test_client())
