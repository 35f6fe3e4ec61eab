"""Secrets in links: random or derived, and only ever kept as SHA-256."""

import base64
import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits, safe in a path."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_key() -> bytes:
    """256 random bits, to make things with that nobody else can make."""
    return secrets.token_bytes(TOKEN_BYTES)


def derived_token(key: bytes, purpose: str, subject: str) -> str:
    """A token that the server can write again (into a retried mail, say) without keeping it: HMAC-SHA-256 of `subject`."""
    mac = hmac.new(key, f"{purpose}\0{subject}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What the database keeps of a token (SHA-256: the token itself has 256 bits, so no salt is needed)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
