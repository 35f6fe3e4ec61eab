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
MARKS_OPTIONS = {
    "isolation_level": "AUTOCOMMIT",
    "connect_args": {"options": "-c plan_cache_mode=force_generic_plan"},
    "pool_size": 1,
    "pool_recycle": 1800,
}
"""Their plans are made once: planning takes longer than marking."""
db = SQLAlchemy(model_class=Base, session_options={"autoflush": True, "expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=False)
babel = Babel()
