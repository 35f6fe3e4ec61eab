"""A browser without a screen: it keeps cookies and sends a form only with the token that the page gave it."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
QUESTION = re.compile(r'data-question="([^"]+)"')
PASSWORD = "seven quiet lanterns"


def without_tokens(page: str) -> str:
    """The page without what is another in every answer: the token of its forms, the challenge for a passkey."""
    return QUESTION.sub("", re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page))


class Browser:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **({"buffered": True} | options))

    def post(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send exactly these fields: no token is added."""
        return self.client.post(path, data=fields or {}, **options)

    def submit(self, path: str, fields: dict[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
        """Load the page that has the form (`page`, or the form's own address), then send the form with its token."""
        return self.post(path, {"csrf_token": self.token(page or path)} | (fields or {}))

    def token(self, page: str) -> str:
        found = TOKEN.search(self.get(page, follow_redirects=True).text)
        assert found, f"no form with a token on {page}"
        return unescape(found[1])

    def sign_up(self, login: str, **fields: str) -> TestResponse:
        answer = self.submit("/sign-up", {"login": login, "password": PASSWORD, "adult": "y"} | fields)
        assert answer.status_code == 303, answer.text
        return answer

    def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.submit("/sign-in", {"login": login, "password": password} | fields)

    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200

    def session_id(self) -> str:
        """What the cookie holds."""
        found = self.client.get_cookie("id")
        assert found is not None
        return found.value
