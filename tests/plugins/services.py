"""One PostgreSQL and one Valkey for the whole test run; each worker process has its own database in both."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask_migrate import upgrade
from pydantic import SecretStr

from dev.services import Postgres, Valkey, start_postgres, start_valkey
from groupsite import create_app
from groupsite.config import Settings
from groupsite.extensions import db

FOLDER = "GROUPSITE_TEST_SERVICES"
VALKEY_PORT = "GROUPSITE_TEST_VALKEY_PORT"
TEMPLATE = "template_of_tests"

_started: list[Postgres | Valkey] = []


def pytest_configure(config: pytest.Config) -> None:
    """In the process that commands the others: start the services before any of them looks."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    folder = Path(tempfile.mkdtemp(prefix="groupsite-tests-"))
    os.environ[FOLDER] = str(folder)
    config.add_cleanup(lambda: _stop(folder))
    try:
        _start(folder)
    except BaseException:
        _stop(folder)
        raise


def _start(folder: Path) -> None:
    postgres = start_postgres(folder / "postgres", durable=False)
    _started.append(postgres)
    valkey = start_valkey(folder / "valkey", durable=False)
    _started.append(valkey)
    os.environ[VALKEY_PORT] = str(valkey.port)
    postgres.run(f"CREATE DATABASE {TEMPLATE}")
    migrate(postgres.url(TEMPLATE))


def _stop(folder: Path) -> None:
    while _started:
        _started.pop().stop()
    shutil.rmtree(folder, ignore_errors=True)


def migrate(database_url: str) -> None:
    """Bring an empty database to the newest revision, by the migrations alone."""
    settings = Settings(environment="testing", database_url=database_url, secret_key=SecretStr("only to migrate"))
    with create_app(settings).app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Postgres:
    return start_postgres(Path(os.environ[FOLDER]) / "postgres", durable=False)


@pytest.fixture(scope="session")
def new_database(postgres_server: Postgres) -> Callable[[], str]:
    """Makes one more migrated, empty database and gives its URL."""

    def make() -> str:
        name = f"test_{uuid4().hex[:12]}"
        postgres_server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return postgres_server.url(name)

    return make


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[], str]) -> str:
    """The migrated database of this worker process."""
    return new_database()


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> str:
    """The Valkey database of this worker process: 1 for the first (or only) one."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 1
    return f"redis://127.0.0.1:{os.environ[VALKEY_PORT]}/{number}"


@pytest.fixture
def valkey_server(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of this test's own, to kill and to start again."""
    valkey = start_valkey(tmp_path / "valkey", durable=False)
    yield valkey
    valkey.stop(kill=True)
