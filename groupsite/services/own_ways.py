"""How somebody signs in, to take along: what she has named and when, no key and no secret."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.models import Account, HalfSignIn, SecondStep
from groupsite.services import passkeys, sign_in_changes
from groupsite.services.own_record import moment


def own_ways(session: Session, account: Account) -> dict[str, Any]:
    """As plain values for JSON; days as ISO dates."""
    step = session.get(SecondStep, account.id)
    return {
        "passkeys": [
            {
                "name": one.name,
                "added_on": _day(one.created_on),
                "last_used_on": _day(one.last_used_on),
                "connected_by": list(one.transports),
            }
            for one in passkeys.passkeys_of(session, account.id)
        ],
        "codes_from_an_app_since": _day(step.confirmed_on) if step else None,
        "passkey_put_off_on": _day(account.passkey_put_off_on),
        "waiting_for_a_code_since": [moment(at) for at in session.scalars(_half_done(account))],
        "what_changed": [
            {"on": _day(one.changed_on), "what": one.what.value, "is_news_to_you": one.is_news}
            for one in sign_in_changes.latest(session, account.id)
        ],
    }


def _half_done(account: Account) -> Any:
    return select(HalfSignIn.created_at).where(HalfSignIn.account_id == account.id).order_by(HalfSignIn.created_at)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
