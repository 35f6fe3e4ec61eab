"""Password hashes: Argon2id with the parameters of RFC 9106 for servers with little memory (64 MiB, 3 passes)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from groupsite.domain.passwords import LONGEST, normal
from groupsite.domain.tokens import new_token

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    return _hasher.hash(normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Takes as long when there is none (ASVS 6.3.8)."""
    decoy = _decoy()
    try:
        is_right = _hasher.verify(password_hash or decoy, normal(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return is_right and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether it was made with other parameters than we use now."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _decoy() -> str:
    """A hash that no password opens."""
    return _hasher.hash(new_token())
