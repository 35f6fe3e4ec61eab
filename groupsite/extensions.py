"""The Flask extensions' objects and nothing else; `app.py` binds them to an application."""

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from groupsite.models.base import Base

MARKS = "marks"
"""The same database once more, on connections whose statements commit each by itself (celery_app.mark)."""
PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 30_000}
"""Seconds to connect, and milliseconds for what was sent to be taken: a database that hangs is one that is away."""
MARKS_OPTIONS = {
    "isolation_level": "AUTOCOMMIT",
    "connect_args": PATIENCE | {"options": "-c plan_cache_mode=force_generic_plan"},
    "pool_size": 2,
    "pool_recycle": 1800,
}
"""Their plans are made once: planning takes longer than marking. One connection marks, one reads the clock."""
db = SQLAlchemy(model_class=Base, session_options={"autoflush": True, "expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=False)
babel = Babel()
