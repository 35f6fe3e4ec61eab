"""What is made with the site's secret: sealed e-mail addresses, derived tokens, marks of what may not be read."""

import base64
import hashlib
import hmac
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from groupsite.domain.tokens import derived_token

SUBJECT = 16
PROOF = 16
SHORT_PROOF = 10
"""Bytes."""
TAG_LENGTH = 42
"""Characters of a `tag`."""


class Vault:
    """Handed to the use cases that need it; made once from `SECRET_KEY`."""

    def __init__(self, secret_key: str) -> None:
        self._token_key = _derived(secret_key, b"groupsite tokens")
        self._address_key = _derived(secret_key, b"groupsite suppressed addresses")
        self._name_key = _derived(secret_key, b"groupsite names kept out")
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret_key, b"groupsite e-mail addresses")))

    def seal(self, text: str) -> bytes:
        """The text, readable with this secret alone (Fernet: AES-128-CBC with HMAC-SHA-256)."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str | None:
        """The text, or None when it was sealed under another secret."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None

    def token(self, purpose: str, subject: UUID) -> str:
        """The same 256-bit token each time for this purpose and subject; see domain/tokens.token_hash for what is stored."""
        return derived_token(self._token_key, purpose, str(subject))

    def signed(self, purpose: str, subject: UUID) -> str:
        """The subject with the proof (128 bits) that we named it, for a path; nothing is kept of it."""
        return base64.urlsafe_b64encode(subject.bytes + self._proof(purpose, subject)).rstrip(b"=").decode()

    def opened(self, purpose: str, written: str) -> UUID | None:
        """The subject that `signed` named for this purpose, or None for anything else."""
        try:
            padded = written.encode("ascii") + b"=" * (-len(written) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        except ValueError:
            return None
        if len(raw) != SUBJECT + PROOF:
            return None
        subject = UUID(bytes=raw[:SUBJECT])
        return subject if hmac.compare_digest(raw[SUBJECT:], self._proof(purpose, subject)) else None

    def tag(self, purpose: str, subject: UUID) -> str:
        """As `signed`, for the local part of an e-mail address: 42 letters and digits, case does not matter, 80 bits of proof."""
        short = self._proof(purpose, subject)[:SHORT_PROOF]
        return base64.b32encode(subject.bytes + short).rstrip(b"=").decode().lower()

    def tagged(self, purpose: str, written: str) -> UUID | None:
        """The subject that `tag` named for this purpose, or None for anything else."""
        if len(written) != TAG_LENGTH or not written.isascii():
            return None
        try:
            raw = base64.b32decode(written.upper() + "=" * (-TAG_LENGTH % 8))
        except ValueError:
            return None
        subject = UUID(bytes=raw[:SUBJECT])
        short = self._proof(purpose, subject)[:SHORT_PROOF]
        return subject if hmac.compare_digest(raw[SUBJECT:], short) else None

    def address_mark(self, address: str) -> bytes:
        """By which an address is recognised and not read: HMAC-SHA-256, the same however its letters were cased."""
        return hmac.new(self._address_key, address.strip().lower().encode(), hashlib.sha256).digest()

    def name_mark(self, group_id: UUID, form: str) -> bytes:
        """By which a form of a name (domain/kept_out.py) is recognised in one group and not read: HMAC-SHA-256."""
        return hmac.new(self._name_key, group_id.bytes + form.encode(), hashlib.sha256).digest()

    def _proof(self, purpose: str, subject: UUID) -> bytes:
        return hmac.new(self._token_key, f"{purpose}\0{subject}".encode(), hashlib.sha256).digest()[:PROOF]


def _derived(secret_key: str, label: bytes) -> bytes:
    return hmac.new(secret_key.encode(), label, hashlib.sha256).digest()
