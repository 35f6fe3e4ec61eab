"""A passkey device in software: makes keys (ES256, attestation "none") and answers questions, rightly or as it is told to."""

import base64
import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.test import TestResponse

from tests.browser import QUESTION, Browser

ORIGIN = "http://localhost"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
NO_MODEL = bytes(16)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


def question_on(browser: Browser, page: str) -> dict[str, Any]:
    """What the page would ask a real browser for."""
    found = QUESTION.search(browser.get(page, follow_redirects=True).text)
    assert found, f"no question on {page}"
    asked: dict[str, Any] = json.loads(unescape(found[1]))
    return asked


@dataclass
class Device:
    """Holds one key. `count` goes up with each use; None for a device that does not count."""

    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: bytes = b""
    count: int | None = 0

    def made(
        self, question: dict[str, Any], *, origin: str = ORIGIN, host: str = "", flags: int = PRESENT | VERIFIED
    ) -> str:
        """The answer to a question of `navigator.credentials.create`."""
        self.user_handle = raw(question["user"]["id"])
        public = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")})
        own = NO_MODEL + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        said = self._said(host or question["rp"]["id"], flags | HAS_KEY) + own
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        client = _client("webauthn.create", question, origin)
        return self._answer({"clientDataJSON": client, "attestationObject": attestation}, transports=["internal"])

    def used(
        self, question: dict[str, Any], *, origin: str = ORIGIN, host: str = "", flags: int = PRESENT | VERIFIED
    ) -> str:
        """The answer to a question of `navigator.credentials.get`."""
        if self.count is not None:
            self.count += 1
        said = self._said(host or question["rpId"], flags)
        client = _client("webauthn.get", question, origin)
        signature = self.key.sign(said + sha256(client).digest(), ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": said, "signature": signature}
        return self._answer(parts | {"userHandle": self.user_handle})

    def _said(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _answer(self, parts: dict[str, bytes], **more: Any) -> str:
        response = {name: text(part) for name, part in parts.items()} | more
        own = text(self.credential_id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


def _client(kind: str, question: dict[str, Any], origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": question["challenge"], "origin": origin}).encode()


def add_passkey(browser: Browser, device: Device) -> TestResponse:
    """As she does on the page."""
    answer = device.made(question_on(browser, "/account/ways"))
    return browser.submit("/account/ways/passkeys", {"answer": answer}, page="/account/ways")


def enter(browser: Browser, device: Device) -> TestResponse:
    answer = device.used(question_on(browser, "/sign-in"))
    return send(browser, answer)


def send(browser: Browser, answer: str, path: str = "/sign-in/passkey", page: str = "/sign-in") -> TestResponse:
    """The answer in the form that the page has for it."""
    return browser.submit(path, {"answer": answer}, page=page)


PASSKEY_PAGE = re.compile(r'href="(/account/ways/passkeys/[0-9a-f-]{36})"')


def passkey_page(browser: Browser) -> str:
    """The page of her first passkey."""
    found = PASSKEY_PAGE.search(browser.get("/account/ways").text)
    assert found, "no passkey"
    return found[1]
