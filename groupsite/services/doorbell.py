"""The mark that a transaction made mail due: whoever commits it rings the worker afterwards, never before."""

from sqlalchemy.orm import Session

_MARK = "mail_is_due"


def ask_for_ring(session: Session) -> None:
    session.info[_MARK] = True


def take_ring(session: Session) -> bool:
    """Whether a ring was asked for since the last call."""
    return bool(session.info.pop(_MARK, False))
