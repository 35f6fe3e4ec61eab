"""Single JSON values from outside turned into typed ones. A `Parser` reads one value or raises `Wrong` with a whole sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Generic, TypeVar

from email_validator import EmailNotValidError, validate_email

from groupsite.domain import zones
from groupsite.domain.plain_text import unusable_character
from groupsite.domain.slugs import RESERVED
from groupsite.formats.json_reader import NotJson
from groupsite.formats.plain_text import https_problem

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)

FIRST_YEAR, LAST_YEAR = 1970, 2100
MAX_SLUG = 80
LONGEST_SHOWN = 50
SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PHONE_PATTERN = re.compile(r"[0-9+(][0-9+,;*#().\- ]*")


class Wrong(Exception):
    """The value cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Parser(Generic[Value]):
    """`placeholder` stands in for a refused value while the rest of the file is read; it never leaves the reader."""

    read: Callable[[Any], Value]
    placeholder: Value


def shown(value: Any) -> str:
    """A value from the file, short and harmless enough for a sentence."""
    if isinstance(value, NotJson):
        return value.word
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value) if len(str(value)) <= LONGEST_SHOWN else f"{str(value)[:LONGEST_SHOWN]}…"
    visible = "".join("�" if unusable_character(one) else one for one in text)
    return f"“{visible}”" if isinstance(value, str) else visible


def text(limit: int, *, lines: bool = False) -> Parser[str]:
    """Trimmed text of 1 to `limit` characters, on one line unless `lines`."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong(f"This must be text in quotation marks, not {shown(value)}.")
        clean = value.replace("\r\n", "\n").strip() if lines else value.strip(" ")
        if not clean.strip():
            raise Wrong("This is empty.")
        if len(clean) > limit:
            raise Wrong(f"This may have {limit} characters at most; it has {len(clean)}.")
        if bad := unusable_character(clean, lines=lines):
            raise Wrong(f"This contains {bad}, which cannot stand here.")
        return clean

    return Parser(read, "")


def matching(pattern: str, limit: int, rule: str) -> Parser[str]:
    """Text of a certain form; `rule` completes the sentence "This must be …"."""
    plain = text(limit)
    form = re.compile(pattern)

    def read(value: Any) -> str:
        clean = plain.read(value)
        if not form.fullmatch(clean):
            raise Wrong(f"This must be {rule}, not {shown(clean)}.")
        return clean

    return Parser(read, "")


def whole(low: int, high: int) -> Parser[int]:
    """A whole number within these bounds, both included."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(f"This must be a whole number from {low} to {high}, not {shown(value)}.")
        return value

    return Parser(read, low)


def word(words: type[Word]) -> Parser[Word]:
    """One word of a closed vocabulary; a refusal lists all of them."""
    known = list(words)

    def read(value: Any) -> Word:
        if not isinstance(value, str) or value not in known:
            raise Wrong(f"This must be one of {', '.join(known)}, not {shown(value)}.")
        return words(value)

    return Parser(read, known[0])


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"This must be true or false, not {shown(value)}.")
    return value


def _date(value: Any) -> date:
    return _moment(value, r"\d{4}-\d{2}-\d{2}", "a date such as 2026-11-24").date()


def _local(value: Any) -> datetime:
    rule = "the time on the clock there, such as 2026-11-24T19:00, without seconds and zone"
    return _moment(value, r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::00)?", rule)


def _moment(value: Any, form: str, rule: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and re.fullmatch(form, value) else None
    except ValueError:
        moment = None
    if moment is None:
        raise Wrong(f"This must be {rule}, not {shown(value)}.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Wrong(f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}, not {moment.year}.")
    return moment


def _time(value: Any) -> time:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{2}:\d{2}", value):
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong(f"This must be a time such as 21:00, not {shown(value)}.")


def _url(value: Any) -> str:
    clean = text(500).read(value)
    if reason := https_problem(clean):
        raise Wrong(reason)
    return clean


def _address(value: Any) -> str:
    slug = SLUG.read(value)
    if slug in RESERVED:
        raise Wrong(f"A page of this site has the address {shown(slug)}. Please choose another.")
    return slug


def _zone(value: Any) -> str:
    name = text(60).read(value)
    if not zones.is_known(name):
        raise Wrong(f"There is no time zone {shown(name)}. A zone looks like America/New_York.")
    return name


def _email(value: Any) -> str:
    clean = text(254).read(value)
    try:
        return validate_email(clean, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Wrong(f"This must be an e-mail address, not {shown(clean)}.") from None


_MIDNIGHT = datetime.fromisoformat("2000-01-01T00:00")

FLAG = Parser(_flag, placeholder=False)
DATE = Parser(_date, _MIDNIGHT.date())
LOCAL = Parser(_local, _MIDNIGHT)
TIME = Parser(_time, time())
URL = Parser(_url, "")
EMAIL = Parser(_email, "")
ZONE = Parser(_zone, "UTC")
SLUG = matching(
    SLUG_PATTERN.pattern, MAX_SLUG, "small letters a to z, digits and single hyphens, as in tuesday-lantern"
)
ADDRESS = Parser(_address, "")
"""A slug that becomes part of a page's address."""
LOCALE = matching(r"[a-z]{2,3}(-[A-Z]{2})?", 6, "a language code such as en or es")
TOKEN = matching(r"[a-z0-9_]+", 60, "small letters a to z, digits and underscores, as in newcomer_welcome")
PHONE = matching(PHONE_PATTERN.pattern, 60, "a telephone number of digits, such as +1-202-555-0142")
