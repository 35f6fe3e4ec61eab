"""Invites by mail (RFC 5546 in RFC 6047): one recipient, one UID for each member and series, an organizer that is a role."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vText

from groupsite.domain.schedule import Occurrence
from groupsite.formats.calendar_series import CalendarSeries
from groupsite.formats.content_lines import usable
from groupsite.formats.ical import one_date, product, series_without_cancelled, whole_series
from groupsite.formats.vtimezone import vtimezone


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Parties:
    """`organizer` is an address of ours for this member and series; `attendee` is the recipient, the only one named.

    `organizer_name` is the site as calendars name it.
    """

    organizer: str
    organizer_name: str
    attendee: str


def request(series: CalendarSeries, parties: Parties, *, now: datetime) -> bytes:
    """The whole series: first invite or update, told apart by SEQUENCE. Cancelled dates are left out as EXDATE."""
    events = series_without_cancelled(series)
    for event in events:
        _address(event, parties, now, asks=True)
    return _object(Method.REQUEST, series, events, parties)


def cancel_date(series: CalendarSeries, one: Occurrence, parties: Parties, *, now: datetime) -> bytes:
    """One date is called off for everybody: RECURRENCE-ID and STATUS:CANCELLED, the rest of the series stays."""
    return _cancel(series, one_date(series, one), parties, now)


def withdraw(series: CalendarSeries, parties: Parties, *, now: datetime) -> bytes:
    """Only this member leaves: CANCEL without STATUS, because the meetings go on (RFC 5546, 3.2.5)."""
    return _cancel(series, whole_series(series), parties, now)


def call_off(series: CalendarSeries, parties: Parties, *, now: datetime) -> bytes:
    """No date is left, for nobody: CANCEL of the whole UID with STATUS:CANCELLED (RFC 5546, 3.2.5)."""
    event = whole_series(series)
    event.add("status", "CANCELLED")
    return _cancel(series, event, parties, now)


def _cancel(series: CalendarSeries, event: Event, parties: Parties, now: datetime) -> bytes:
    _address(event, parties, now, asks=False)
    return _object(Method.CANCEL, series, [event], parties)


def _address(event: Event, parties: Parties, now: datetime, *, asks: bool) -> None:
    """Who asks whom, and when this message was made: with a METHOD, DTSTAMP is the message's (RFC 5545, 3.8.7.2).

    When the series was changed is not said: to the second, it would be found again in the public calendar.
    """
    for stamp in ("dtstamp", "last-modified"):
        event.pop(stamp, None)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    organizer = vCalAddress(f"mailto:{parties.organizer}")
    organizer.params["CN"] = vText(usable(parties.organizer_name))
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{parties.attendee}")
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    if asks:
        attendee.params["RSVP"] = vText("TRUE")
    event.add("attendee", attendee)


def _object(method: Method, series: CalendarSeries, events: list[Event], parties: Parties) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", product(parties.organizer_name))
    calendar.add("method", str(method))
    head, _, tail = calendar.to_ical().partition(b"END:VCALENDAR")
    schedule = series.schedule
    zone = vtimezone(schedule.timezone, schedule.dtstart_local.year)
    return b"".join([head, zone, *(event.to_ical() for event in events), b"END:VCALENDAR", tail])
