"""Asking to join: how long a request stands, and how long one that came to nothing is remembered."""

from datetime import date, timedelta

REQUEST_STANDS = timedelta(days=30)
"""Then it falls away by itself. So does what is kept of a request that was taken back or not taken up."""


def oldest_that_stands(today: date) -> date:
    """The first day whose requests still stand."""
    return today - REQUEST_STANDS + timedelta(days=1)


def may_ask_again_on(asked_on: date) -> date:
    return asked_on + REQUEST_STANDS
