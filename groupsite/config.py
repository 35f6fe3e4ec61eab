"""Settings: read from the environment (and `.env`) once, checked at the start, never changed afterwards."""

from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDER_SECRET = "change-me"  # noqa: S105  the value that .env.example shows and production refuses
SHORTEST_SECRET = 32
LONGEST_ROLE_NAME = 20
"""What is left of the 64 characters before the @ (RFC 5321, 4.5.3.1.1) beside the proof in a return path."""


class Settings(BaseSettings):
    """All settings. Names are the environment variables in upper case; docs/operations.md lists each of them."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    environment: Literal["production", "development", "testing"] = "production"
    secret_key: SecretStr = SecretStr(PLACEHOLDER_SECRET)
    base_url: str = "http://127.0.0.1:8000"
    database_url: str = "postgresql+psycopg://groupsite@127.0.0.1:5432/groupsite"
    redis_url: str = "redis://127.0.0.1:6379/0"
    mail_url: SecretStr = SecretStr("null:")
    mail_from: str = "notes@localhost.localdomain"
    mail_server: str = ""
    site_name: str = Field(default="Evenings", min_length=1, max_length=60)
    calendar_name: str = Field(default="Dates", min_length=1, max_length=60)
    calendar_host: str = Field(default="dates.invalid", pattern=r"^[a-z0-9.-]+$")
    exit_url: str = "https://www.wikipedia.org/"
    help_file: str = ""

    @field_validator("base_url", "exit_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise ValueError("must be a whole address such as https://example.org")
        return value.rstrip("/") if urlsplit(value).path in {"", "/"} else value

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: str) -> str:
        if value.startswith("postgresql://"):
            return value.replace("postgresql://", "postgresql+psycopg://", 1)
        if not value.startswith("postgresql+psycopg://"):
            raise ValueError("must be a PostgreSQL address: postgresql://user@host/name")
        return value

    @field_validator("mail_from")
    @classmethod
    def _has_room_for_a_return_path(cls, value: str) -> str:
        local, at, domain = value.rpartition("@")
        if not at or not domain or not 0 < len(local) <= LONGEST_ROLE_NAME:
            raise ValueError(f"must be an address with at most {LONGEST_ROLE_NAME} characters before the @")
        return value

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if self.environment == "production" and (secret == PLACEHOLDER_SECRET or len(secret) < SHORTEST_SECRET):
            raise ValueError(f"SECRET_KEY must be a random text of at least {SHORTEST_SECRET} characters")
        return self

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Host and port that requests must name (see web/headers.py)."""
        return urlsplit(self.base_url).netloc

    @property
    def origin(self) -> str:
        """Our address as browsers name it, without a path."""
        return f"{urlsplit(self.base_url).scheme}://{self.host}"

    @property
    def passkey_host(self) -> str:
        """Whom passkeys are made for (WebAuthn's relying party): the host by name. Empty where browsers make none.

        They make them for a name alone, and over https or on the machine itself.
        """
        host = urlsplit(self.base_url).hostname or ""
        if not self.is_https and host != "localhost":
            return ""
        try:
            ip_address(host)
        except ValueError:
            return host
        return ""
