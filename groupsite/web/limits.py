"""How often something may be tried. Counts stand under keyed hashes: no name, no address."""

import hmac
from hashlib import sha256
from ipaddress import ip_network

from flask import Response, current_app, request
from flask_limiter.util import get_remote_address

from groupsite.web.auth import viewer

SIGN_INS_FROM_ONE_PLACE = "30/minute;600/hour"
WRONG_SIGN_INS_FOR_ONE_LOGIN = "10/hour"
SIGN_UPS_FROM_ONE_PLACE = "30/minute;600/hour"
PASSWORDS_ASKED_OF_ONE_ACCOUNT = "10/hour"
LINKS_SENT_FOR_ONE_ACCOUNT = "5/hour;20/day"
LINKS_ASKED_FOR_ONE_LOGIN = "3/hour;10/day"
CODES_TRIED_FROM_ONE_PLACE = "10/minute;60/hour"
REFUSED_AT_THE_DOOR_FROM_ONE_ACCOUNT = "20/hour"
REFUSED_AT_THE_DOOR_FROM_ONE_PLACE = "60/hour"
"""Tries to join that went wrong: wrong codes above all."""
IPV6_NETWORK = 64
SHARES_OF_ONE_ACCOUNT = "60/hour"
REPORTS_OF_ONE_ACCOUNT = "30/hour"
CALENDARS_READ_FOR_ONE_ACCOUNT = "20/minute;120/hour"


def place() -> str:
    """Where the request comes from: an IPv4 address, or the network (/64) of an IPv6 one, which one household has."""
    address = get_remote_address()
    try:
        network = ip_network(f"{address}/{IPV6_NETWORK}" if ":" in address else address, strict=False)
    except ValueError:
        return _hashed("place", address)
    return _hashed("place", str(network))


def login_tried() -> str:
    """Counts tries at the same login together, however it was typed."""
    return _hashed("login", request.form.get("login", "").strip().lower())


def account_asking() -> str:
    return _hashed("account", str(viewer().account_id))


def was_refused(response: Response) -> bool:
    """Only tries that went wrong count."""
    return response.status_code >= 400  # noqa: PLR2004  HTTP


def _hashed(kind: str, text: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"limit\0{kind}\0{text}".encode(), sha256).hexdigest()
