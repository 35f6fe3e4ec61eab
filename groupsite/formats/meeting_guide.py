"""Meeting Guide JSON (the field's open format for directories): one object for each weekly meeting, in and out.

Nothing is dropped in silence: each record becomes an `Entry` that says what was taken, what was changed, or why it was refused.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from groupsite.domain.errors import InvalidFile, Problem
from groupsite.domain.plain_text import without_unusable_characters
from groupsite.domain.zones import is_known
from groupsite.formats.json_reader import load
from groupsite.formats.json_values import PHONE_PATTERN
from groupsite.formats.plain_text import https_problem, without_html

MOST_RECORDS = 50_000
LONGEST_NAME = 120
LONGEST_TEXT = 2000
LONGEST_SLUG = 80
LONGEST_CODE = 20
MARKUP_PER_LETTER = 20
"""How much longer than its text HTML may be; what stands behind is not looked at, so that no text costs much."""
USUAL_MINUTES = 60
MINUTES_A_DAY = 24 * 60
SUNDAY_FIRST = 7


@dataclass(frozen=True, slots=True)
class Listing:
    """One weekly meeting. `days`: 0 = Sunday .. 6 = Saturday; `start` is local to `timezone`; `updated` is UTC or unknown."""

    slug: str
    name: str
    days: tuple[int, ...]
    start: time
    minutes: int
    timezone: str
    types: tuple[str, ...] = ()
    notes: str = ""
    way_in_notes: str = ""
    location: str = ""
    address: str = ""
    url: str = ""
    phone: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of record `index`: a listing, or `refusal` as a whole sentence. `changes` are whole sentences too."""

    index: int
    slug: str
    name: str
    listing: Listing | None = None
    changes: tuple[str, ...] = ()
    refusal: str = ""


class Refused(Exception):
    """This record cannot be a listing; the message is for the reader of the report."""


@dataclass
class _Record:
    """One object while it is read; what had to be changed is noted."""

    raw: dict[str, Any]
    changes: list[str] = field(default_factory=list)

    def text(self, key: str, longest: int, *, lines: bool = False) -> str:
        value = self.raw.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.changes.append(f"{key} was no text and is left out.")
            return ""
        looked_at = value[: longest * MARKUP_PER_LETTER]
        plain = without_unusable_characters(without_html(looked_at), lines=lines).strip()
        if plain != value.replace("\r\n", "\n").strip():
            self.changes.append(f"{key} was made plain text.")
        if len(plain) > longest:
            self.changes.append(f"{key} was cut to {longest} characters.")
        return plain[:longest].rstrip()


def parse(raw: bytes, *, default_timezone: str = "") -> list[Entry]:
    """Every record of the file in its order. Raises InvalidFile when the file is no list of objects."""
    records = load(raw)
    if not isinstance(records, list):
        raise InvalidFile((Problem("file", "This must be a JSON list of meetings."),))
    if len(records) > MOST_RECORDS:
        raise InvalidFile((Problem("file", f"There are more than {MOST_RECORDS} meetings in it."),))
    seen: set[str] = set()
    return [_entry(index, record, seen, default_timezone) for index, record in enumerate(records)]


def _entry(index: int, raw: Any, seen: set[str], default_timezone: str) -> Entry:
    if not isinstance(raw, dict):
        return Entry(index, "", "", refusal="This is no meeting: it should be an object.")
    record = _Record(raw)
    slug, name = record.text("slug", LONGEST_SLUG), record.text("name", LONGEST_NAME)
    try:
        listing = _listing(record, slug, name, seen, default_timezone)
    except Refused as refused:
        return Entry(index, slug, name, refusal=str(refused))
    return Entry(index, slug, name, listing, tuple(record.changes))


def _listing(record: _Record, slug: str, name: str, seen: set[str], default_timezone: str) -> Listing:
    if not slug or not name:
        raise Refused("It has no slug or no name, which the format asks for.")
    if slug in seen:
        raise Refused("Another meeting of this file has the same slug; the first was taken.")
    days, start = _days(record), _time(record, "time")
    if not days or start is None:
        raise Refused("It gives no day or no hour, so nobody could come. It may meet by appointment or all the time.")
    timezone = _timezone(record, default_timezone)
    seen.add(slug)
    return Listing(
        slug=slug,
        name=name,
        days=days,
        start=start,
        minutes=_minutes(record, start),
        timezone=timezone,
        types=_types(record),
        notes=record.text("notes", LONGEST_TEXT, lines=True),
        way_in_notes=_joined_notes(record),
        location=record.text("location", LONGEST_NAME),
        address=record.text("formatted_address", LONGEST_NAME),
        url=_url(record),
        phone=_phone(record),
        updated=_updated(record),
    )


def _days(record: _Record) -> tuple[int, ...]:
    given = record.raw.get("day")
    listed = given if isinstance(given, list) else [] if given is None else [given]
    days = [int(day) for day in listed if str(day) in {str(number) for number in range(SUNDAY_FIRST)}]
    if len(days) < len(listed):
        record.changes.append("A day that is none from 0 (Sunday) to 6 was left out.")
    if len(set(days)) > 1:
        record.changes.append("It meets on several days and became one meeting with all of them.")
    return tuple(sorted(set(days)))


def _time(record: _Record, key: str) -> time | None:
    try:
        return datetime.strptime(str(record.raw.get(key) or ""), "%H:%M").time()  # noqa: DTZ007  wall clock
    except ValueError:
        return None


def _timezone(record: _Record, default_timezone: str) -> str:
    named = record.raw.get("timezone")
    if isinstance(named, str) and is_known(named):
        return named
    if not named and default_timezone:
        record.changes.append(f"It names no time zone; {default_timezone} was taken, as you asked.")
        return default_timezone
    if not named:
        raise Refused("It names no time zone, so its hour could mean any. Load again with --timezone if you know it.")
    raise Refused("Its time zone is none that we know, so its hour could mean any.")


def _minutes(record: _Record, start: time) -> int:
    end = _time(record, "end_time")
    if end is None:
        record.changes.append(f"It gives no end; {USUAL_MINUTES} minutes were taken.")
        return USUAL_MINUTES
    minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % MINUTES_A_DAY
    if minutes == 0:
        record.changes.append(f"It ends when it begins; {USUAL_MINUTES} minutes were taken.")
    return minutes or USUAL_MINUTES


def _types(record: _Record) -> tuple[str, ...]:
    """Codes as they came, unknown ones too."""
    given = record.raw.get("types")
    listed = given if isinstance(given, list) else [] if given is None else [given]
    codes = [one for one in listed if isinstance(one, str) and one.strip()]
    if len(codes) < len(listed):
        record.changes.append("A type that is no code was left out.")
    return tuple(dict.fromkeys(without_unusable_characters(code).strip()[:LONGEST_CODE] for code in codes))


def _joined_notes(record: _Record) -> str:
    notes = (record.text(key, 500, lines=True) for key in ("conference_url_notes", "conference_phone_notes"))
    return "\n".join(filter(None, notes))


def _url(record: _Record) -> str:
    url = record.text("conference_url", 500)
    problem = https_problem(url) if url else None
    if problem:
        record.changes.append("Its link is no secure address and is left out.")
        return ""
    if not url and not record.raw.get("conference_phone") and not record.raw.get("formatted_address"):
        record.changes.append("It gives no link, no telephone number and no address.")
    return url


def _phone(record: _Record) -> str:
    phone = record.text("conference_phone", 60)
    if phone and not PHONE_PATTERN.fullmatch(phone):
        record.changes.append("Its telephone number is none that can be dialled and is left out.")
        return ""
    return phone


def _updated(record: _Record) -> datetime | None:
    try:
        return datetime.strptime(f"{record.raw.get('updated')}+0000", "%Y-%m-%d %H:%M:%S%z")
    except ValueError:
        return None


def write(listings: Iterable[Listing], *, base_url: str, pages: dict[str, str]) -> bytes:
    """UTF-8 JSON; `pages` gives each listing's path on this site by its slug."""
    documents = [_document(one, base_url + pages[one.slug]) for one in listings]
    return (json.dumps(documents, ensure_ascii=False, indent=1) + "\n").encode()


def _document(one: Listing, page: str) -> dict[str, Any]:
    end = (one.start.hour * 60 + one.start.minute + one.minutes) % MINUTES_A_DAY
    document = {
        "slug": one.slug,
        "name": one.name,
        "day": one.days[0] if len(one.days) == 1 else list(one.days),
        "time": f"{one.start:%H:%M}",
        "end_time": f"{end // 60:02}:{end % 60:02}",
        "timezone": one.timezone,
        "types": list(one.types),
        "location": one.location,
        "formatted_address": one.address,
        "conference_url": one.url,
        "conference_url_notes": one.way_in_notes if one.url else "",
        "conference_phone": one.phone,
        "notes": one.notes,
        "updated": f"{one.updated:%Y-%m-%d %H:%M:%S}" if one.updated else "",
        "url": page,
    }
    return {key: value for key, value in document.items() if value not in ("", [])}
