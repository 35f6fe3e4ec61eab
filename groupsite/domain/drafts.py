"""What people ask for before it exists: a group, a series. Checked here, stored by the services."""

from dataclasses import dataclass

from groupsite.domain import recurrence
from groupsite.domain.errors import InvalidInput
from groupsite.domain.join_info import JoinInfo
from groupsite.domain.plain_text import unusable_character
from groupsite.domain.schedule import Schedule, Venue
from groupsite.domain.slugs import refuse_unusable
from groupsite.domain.words import Attendance, Family, HolidayPolicy

LONGEST_NAME = 120
LONGEST_PLACE = 300
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """`slug` empty: made from the name."""

    name: str
    family: Family
    attendance: Attendance
    summary: str = ""
    city: str = ""
    arrival_note: str = ""
    holidays: HolidayPolicy = HolidayPolicy.ASK
    locale: str = "en"
    slug: str = ""

    def check(self) -> None:
        """Raises InvalidInput for the first field that cannot stand on a page."""
        if self.slug:
            refuse_unusable(self.slug)
        _check_line("name", self.name, needed=True)
        _check_line("city", self.city)
        _check_text("summary", self.summary)
        _check_text("arrival_note", self.arrival_note)


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """`slug` empty: made from the title."""

    schedule: Schedule
    join: JoinInfo | None = None
    slug: str = ""

    def check(self) -> None:
        """Raises InvalidInput for the first field that no meeting can have."""
        if self.slug:
            refuse_unusable(self.slug)
        _check_line("title", self.schedule.title, needed=True)
        check_venue(self.schedule.venue)
        recurrence.validate(self.schedule)


def check_venue(venue: Venue | None) -> None:
    if venue is not None:
        _check_line("venue", venue.name, longest=LONGEST_PLACE)
        _check_line("venue", venue.address, longest=LONGEST_PLACE)
        _check_text("venue", venue.access_notes)


def check_note(note: str) -> None:
    _check_text("public_note", note)


def _check_line(field: str, value: str, *, needed: bool = False, longest: int = LONGEST_NAME) -> None:
    if needed and not value.strip():
        raise InvalidInput(field, "Please give a name.")
    _check(field, value, longest, unusable_character(value))


def _check_text(field: str, value: str) -> None:
    _check(field, value, LONGEST_TEXT, unusable_character(value.replace("\r\n", "\n"), lines=True))


def _check(field: str, value: str, longest: int, unusable: str | None) -> None:
    if len(value) > longest:
        raise InvalidInput(field, f"This is longer than {longest} characters.")
    if unusable:
        raise InvalidInput(field, f"There is {unusable} in it. Please take it out.")
