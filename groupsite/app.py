"""The only place that knows everything: settings, extensions, blueprints, commands, tasks."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask import Flask
from pydantic import ValidationError

from groupsite import cli, tasks, web
from groupsite.celery_app import make_celery
from groupsite.config import Settings
from groupsite.domain.errors import InvalidFile
from groupsite.domain.help_lines import HelpBook
from groupsite.extensions import MARKS, MARKS_OPTIONS, PATIENCE, babel, csrf, db, limiter, migrate
from groupsite.formats import help_file
from groupsite.logging import configure_logging
from groupsite.mail.transport import transport_for
from groupsite.mail.vault import Vault
from groupsite.services.database_clock import DatabaseClock

ROOT = Path(__file__).resolve().parent.parent
LARGEST_REQUEST = 1_000_000
LARGEST_FORM = 500_000


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] | None = None) -> Flask:
    """Build the application. `clock` gives aware UTC, that of the database; only tests and tools hand in another one.

    Raises SystemExit with one line for each setting that is missing or wrong.
    """
    settings = settings or _settings_from_environment()
    configure_logging()
    app = Flask("groupsite", root_path=str(ROOT / "groupsite"), template_folder=str(ROOT / "templates"))
    app.config.update(_flask_config(settings))
    app.extensions["groupsite.settings"] = settings
    app.extensions["groupsite.vault"] = Vault(settings.secret_key.get_secret_value())
    app.extensions["groupsite.transport"] = transport_for(settings.mail_url.get_secret_value())
    app.extensions["groupsite.help"] = _help_book(settings)
    app.extensions["groupsite.newest_revision"] = _newest_revision()
    _bind_extensions(app)
    app.extensions["groupsite.clock"] = clock or _database_clock(app)
    make_celery(app, settings)
    tasks.register(app)
    web.register(app, settings)
    cli.register(app)
    return app


def _settings_from_environment() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors(include_input=False)]
        raise SystemExit("Groupsite cannot start. Please mend these settings:\n  " + "\n  ".join(lines)) from None


def _help_book(settings: Settings) -> HelpBook:
    try:
        return help_file.parse(Path(settings.help_file).read_bytes() if settings.help_file else help_file.shipped())
    except OSError as error:
        raise SystemExit(f"Groupsite cannot start. HELP_FILE cannot be read: {error.strerror}.") from None
    except InvalidFile as error:
        lines = "\n  ".join(error.message.splitlines())
        raise SystemExit(f"Groupsite cannot start. HELP_FILE is not as it should be:\n  {lines}") from None


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "pool_recycle": 1800, "connect_args": PATIENCE},
        "SQLALCHEMY_BINDS": {MARKS: {"url": settings.database_url} | MARKS_OPTIONS},
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": 200,
        "RATELIMIT_STORAGE_URI": settings.redis_url,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_ENABLED": settings.environment != "testing",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "TESTING": settings.environment == "testing",
    }


def _newest_revision() -> str | None:
    """The revision that the code expects of the database; /readyz compares."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def _database_clock(app: Flask) -> DatabaseClock:
    with app.app_context():
        return DatabaseClock(db.engines[MARKS])


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app)
