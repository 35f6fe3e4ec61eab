"""A server does not start with a secret that others know, or could guess (ASVS 13.3.1)."""

import pytest
from pydantic import SecretStr, ValidationError

from groupsite.config import PLACEHOLDER_SECRET, SHORTEST_SECRET, Settings


@pytest.mark.parametrize(
    "secret", [PLACEHOLDER_SECRET, "", "x" * (SHORTEST_SECRET - 1)], ids=["example", "none", "short"]
)
def test_production_refuses_a_secret_that_is_none(secret: str) -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY must be a random text of at least 32 characters") as refused:
        Settings(environment="production", secret_key=SecretStr(secret))
    assert len(refused.value.errors()) == 1


def test_production_starts_with_a_secret_of_its_own() -> None:
    settings = Settings(environment="production", secret_key=SecretStr("s" * SHORTEST_SECRET))
    assert settings.secret_key.get_secret_value() == "s" * SHORTEST_SECRET


def test_secrets_are_not_shown_by_settings() -> None:
    settings = Settings(
        environment="testing", secret_key=SecretStr("planted"), mail_url=SecretStr("smtp://a:planted@host")
    )
    assert "planted" not in repr(settings)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org", "ftp://example.org", "https://"])
def test_exit_leads_to_a_web_address(address: str) -> None:
    with pytest.raises(ValidationError, match="must be a whole address"):
        Settings(environment="testing", exit_url=address)
