"""The cookie holds a random id and nothing else; what it opens is a row (services/sessions.py).

A visitor's id opens no row: it only binds the CSRF token, so that reading a page stores nothing. The id is new at
sign-in and sign-out (ASVS 7.2.4).
"""

import hmac
from hashlib import sha256
from typing import Any

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin

from groupsite.domain.tokens import new_token

CSRF_KEY = "csrf_token"


class CookieSession(dict[str, Any], SessionMixin):
    """What Flask calls the session: the id, and a CSRF secret that follows from it."""

    def __init__(self, session_id: str | None, secret_key: str) -> None:
        super().__init__()
        self._secret_key = secret_key
        self._id = session_id
        self.send_cookie = False

    @property
    def session_id(self) -> str | None:
        return self._id

    def renew(self) -> str:
        """A new id, sent with this answer; the old one is good for nothing more."""
        self._id = new_token()
        self.send_cookie = True
        return self._id

    def __contains__(self, key: object) -> bool:
        return key == CSRF_KEY or super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        return self._csrf_secret() if key == CSRF_KEY else super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        return self._csrf_secret() if key == CSRF_KEY else super().get(key, default)

    def _csrf_secret(self) -> str:
        session_id = self._id or self.renew()
        return hmac.new(self._secret_key.encode(), b"csrf\0" + session_id.encode(), sha256).hexdigest()


class CookieSessions(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> CookieSession:
        return CookieSession(request.cookies.get(self.get_cookie_name(app)), str(app.secret_key))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, CookieSession) or not session.send_cookie or session.session_id is None:
            return
        response.set_cookie(
            self.get_cookie_name(app),
            session.session_id,
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite="Lax",
            path="/",
        )
        response.vary.add("Cookie")


def init_sessions(app: Flask, *, is_https: bool) -> None:
    app.session_interface = CookieSessions()
    app.config["SESSION_COOKIE_NAME"] = "__Host-id" if is_https else "id"
    app.config["SESSION_COOKIE_SECURE"] = is_https


def cookie_session() -> CookieSession:
    """The session object of this request."""
    current = session._get_current_object()  # type: ignore[attr-defined]  # werkzeug's LocalProxy
    if not isinstance(current, CookieSession):
        raise TypeError("init_sessions was not called for this application")
    return current
