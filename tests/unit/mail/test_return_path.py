"""Return paths: whatever the site's own address, they fit, and only we can make them."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from groupsite.config import LONGEST_ROLE_NAME, Settings
from groupsite.mail.vault import Vault
from groupsite.services.bounces import PURPOSE, ROLE_LENGTH, delivery_of, is_role

VAULT = Vault("a secret for tests, long enough to pass")


def site(mail_from: str) -> Settings:
    return Settings(environment="testing", secret_key=SecretStr("only for this"), mail_from=mail_from)


def test_longest_role_name_that_is_taken_leaves_room_for_the_proof() -> None:
    assert LONGEST_ROLE_NAME + len("+") + ROLE_LENGTH <= 64
    assert site("n" * LONGEST_ROLE_NAME + "@example.org")


@pytest.mark.parametrize("address", ["n" * (LONGEST_ROLE_NAME + 1) + "@example.org", "notes", "@example.org", "notes@"])
def test_own_address_that_has_no_room_stops_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match="mail_from"):
        site(address)


@given(st.uuids())
def test_role_names_its_delivery_in_small_and_in_capital_letters(delivery: UUID) -> None:
    role = "b" + VAULT.tag(PURPOSE, delivery)
    assert is_role(role)
    assert [delivery_of(role, VAULT), delivery_of("b" + role[1:].upper(), VAULT)] == [delivery, delivery]
    assert [Vault("other").tagged(PURPOSE, role[1:]), VAULT.tagged("other", role[1:])] == [None, None]


@given(st.text(max_size=60) | st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=42, max_size=42))
def test_any_other_text_names_none(text: str) -> None:
    assert delivery_of("b" + text, VAULT) is None


@given(st.integers(0, 40), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_altered_role_names_none(at: int, letter: str) -> None:
    tag = VAULT.tag(PURPOSE, uuid4())
    if tag[at] != letter:
        assert VAULT.tagged(PURPOSE, tag[:at] + letter + tag[at + 1 :]) is None


def test_mark_of_an_address_is_the_same_however_it_is_written_and_says_nothing() -> None:
    mark = VAULT.address_mark("charlene@example.org")
    assert mark == VAULT.address_mark(" Charlene@Example.ORG")
    assert mark != Vault("other").address_mark("charlene@example.org")
    assert (len(mark), b"charlene" in mark) == (32, False)
