"""Codes that an app shows for half a minute (RFC 6238 with SHA-1, six digits: what every such app can do)."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

SECONDS = 30
DIGITS = 6
DRIFT = 1
"""So many steps to either side are taken: clocks of telephones differ."""
SECRET_BYTES = 20
FOUR = 4


def new_secret() -> bytes:
    """160 random bits (RFC 4226, section 4)."""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // SECONDS


def code_of(secret: bytes, step: int) -> str:
    """The six digits of this step (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: bytes, typed: str, now: datetime, *, after: int) -> int | None:
    """The step whose code was typed, among those around `now` and later than `after`, the last one taken; None if there is none.

    Blanks do not matter; anything else that is not six digits is no code.
    """
    digits = "".join(typed.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    here = step_at(now)
    steps = range(here - DRIFT, here + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(code_of(secret, step), digits)]
    return next((step for step in found if step > after), None)


def as_text(secret: bytes) -> str:
    """As people type it into an app: letters and digits in groups of four."""
    letters = _base32(secret)
    return " ".join(letters[start : start + FOUR] for start in range(0, len(letters), FOUR))


def as_address(secret: bytes, *, issuer: str, login: str) -> str:
    """What the QR code says (`otpauth:`); `issuer` and `login` are what the app lists it under."""
    label = f"{quote(issuer, safe='')}:{quote(login, safe='')}"
    asked = f"secret={_base32(secret)}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={SECONDS}"
    return f"otpauth://totp/{label}?{asked}"


def _base32(secret: bytes) -> str:
    return base64.b32encode(secret).rstrip(b"=").decode()


def as_bytes(text: str) -> bytes:
    """The secret that `as_text` wrote."""
    letters = "".join(text.split())
    return base64.b32decode(letters + "=" * (-len(letters) % 8))
