"""What a mail server does to everybody for a while, told to its process by a file that may change at any moment."""

from enum import StrEnum
from pathlib import Path


class Weather(StrEnum):
    FAIR = "fair"
    AWAY = "away"
    """The line is cut before a greeting."""
    GREETING_421 = "greeting_421"
    SLOW_GREETING = "slow_greeting"
    WRONG_PASSWORD = "wrong_password"
    NO_TLS = "no_tls"
    BROKEN_TLS = "broken_tls"
    """STARTTLS is granted, and what follows is not TLS."""
    POLICY = "policy"
    """554 for every mail."""


def weather_in(book: Path) -> Weather:
    try:
        return Weather(book.with_suffix(".weather").read_text())
    except OSError:
        return Weather.FAIR


def turn(book: Path, weather: Weather) -> None:
    """From the next greeting or body on."""
    new = book.with_suffix(".next")
    new.write_text(weather)
    new.replace(book.with_suffix(".weather"))
