"""Where help is to be had, by country and kind: what an entry must say before its number is shown, and how it ages."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CHECK_AGAIN_AFTER = timedelta(days=180)
"""Then those who run the site are told (reliability.md, section 5)."""
DOUBTED_AFTER = timedelta(days=365)
"""Then the reader is told too."""


class HelpKind(StrEnum):
    """In the order in which a page shows them: what cannot wait comes first."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    ABUSE = "abuse"
    DRINKERS = "drinkers"
    THERAPY = "therapy"


class Checked(StrEnum):
    """How somebody knows that the number is right."""

    AT_SOURCE = "at_source"
    """Read on the live page of whoever runs it, or tried."""
    STORED_COPY = "stored_copy"
    """Read in a stored copy of such a page, which may be older than the day on which it was read."""


class Age(StrEnum):
    FRESH = "fresh"
    OVERDUE = "overdue"
    DOUBTED = "doubted"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One place to turn to. `phone` and `sms` are shown as written; without both, nobody has been able to check a number."""

    kind: HelpKind
    name: str
    phone: str = ""
    sms: str = ""
    hours: str = ""
    note: str = ""
    site: str = ""
    source: str = ""
    """The page that the entry was checked against."""
    checked_on: date | None = None
    checked: Checked | None = None

    @property
    def has_number(self) -> bool:
        return bool(self.phone or self.sms)


@dataclass(frozen=True, slots=True)
class HelpCountry:
    """`code` is ISO 3166-1 alpha-2; `lines` are in the order of `HelpKind`, and within a kind as in the file."""

    code: str
    name: str
    lines: tuple[HelpLine, ...]

    def of_kind(self, kind: HelpKind) -> tuple[HelpLine, ...]:
        return tuple(line for line in self.lines if line.kind is kind)


@dataclass(frozen=True, slots=True)
class HelpBook:
    """Every country that we can say something about, by name."""

    countries: tuple[HelpCountry, ...] = ()

    def country(self, code: str) -> HelpCountry | None:
        return next((one for one in self.countries if one.code == code.upper()), None)


@dataclass(frozen=True, slots=True)
class Attention:
    """What those who run the site should look at: how many entries, and of which countries (names)."""

    overdue: tuple[str, ...]
    doubted: tuple[str, ...]
    stored: tuple[str, ...]
    missing: tuple[str, ...]


def age(line: HelpLine, today: date) -> Age:
    """How far the last look at this entry can still be trusted. An entry that nobody dated is in doubt."""
    if line.checked_on is None or today - line.checked_on > DOUBTED_AFTER:
        return Age.DOUBTED
    return Age.OVERDUE if today - line.checked_on > CHECK_AGAIN_AFTER else Age.FRESH


def attention(book: HelpBook, today: date) -> Attention:
    """Each entry as “Country: name”, under everything that is wanting in it."""
    named = [(f"{country.name}: {line.name}", line) for country in book.countries for line in country.lines]
    numbers = [(name, line) for name, line in named if line.has_number]
    return Attention(
        overdue=tuple(name for name, line in numbers if age(line, today) is Age.OVERDUE),
        doubted=tuple(name for name, line in numbers if age(line, today) is Age.DOUBTED),
        stored=tuple(name for name, line in numbers if line.checked is Checked.STORED_COPY),
        missing=tuple(name for name, line in named if not (line.has_number or line.site)),
    )
