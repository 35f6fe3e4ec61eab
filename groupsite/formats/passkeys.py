"""What browsers and passkeys say to each other and to us (WebAuthn Level 2), as JSON in and plain values out.

An answer is believed only for our own address, for the question that was asked, and from a device that has made sure of
its owner. Whatever is wrong with one gives None: what it is helps nobody but an attacker.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST_ANSWER = 16_000
"""Characters; real ones have two or three thousand."""
WAITS_MS = 300_000
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})


@dataclass(frozen=True, slots=True)
class OwnSite:
    """Whom a passkey is for: the host of our address, the address, and the name that devices show."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Presented:
    """What an answer says of itself before anything of it is believed; `challenge` as we wrote it."""

    credential_id: bytes
    user_handle: bytes
    challenge: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


def question_for_new(
    site: OwnSite, *, user_handle: bytes, login: str, challenge: str, known: Iterable[bytes] = ()
) -> str:
    """Options for `navigator.credentials.create`: a key that names its owner itself; `known` are those she has already."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=user_handle,
        user_name=login,
        user_display_name=login,
        challenge=base64url_to_bytes(challenge),
        timeout=WAITS_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json(options)


def question_for_one(site: OwnSite, *, challenge: str, known: Iterable[bytes] = ()) -> str:
    """Options for `navigator.credentials.get`: any key of this site, or one of those that are `known`."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=base64url_to_bytes(challenge),
        timeout=WAITS_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def presented(answer: str) -> Presented | None:
    """What the answer says of itself; None for what is no answer at all."""
    try:
        said = _object(answer)
        response = said["response"]
        client = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
        handle = base64url_to_bytes(response.get("userHandle") or "")
        return Presented(base64url_to_bytes(said["rawId"]), handle, bytes_to_base64url(client.challenge))
    except Exception:  # noqa: BLE001  a stranger's bytes may set off anything in the parsers
        return None


def new_key(site: OwnSite, answer: str, challenge: str) -> NewKey | None:
    """The key that was made for this question, or None. Attestation is not asked for, and not kept."""
    try:
        said = _object(answer)
        found = verify_registration_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        named = said["response"].get("transports") or []
        transports = tuple(sorted(TRANSPORTS.intersection(one for one in named if isinstance(one, str))))
    except Exception:  # noqa: BLE001  as above
        return None
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count, transports)


def count_of(site: OwnSite, answer: str, challenge: str, *, public_key: bytes, sign_count: int) -> int | None:
    """The device's new count if this key has answered this question, else None; `sign_count` is what it said before."""
    try:
        found = verify_authentication_response(
            credential=_object(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  as above
        return None
    return found.new_sign_count


def _object(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("longer than any answer")
    said = json.loads(answer)
    if not isinstance(said, dict):
        raise TypeError("no object")
    return said
