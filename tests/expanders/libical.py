"""libical by its C interface. It expands rules; two things that it leaves to who calls it are put in here: exceptions by
RECURRENCE-ID, and the zone of RDATE (its own expansion takes a local one for UTC; seen in 3.0.16). Lengths are read from
DURATION: its own spans are as long as the wall clock says for the first date.

Under the name of a zone that it knows, libical 3 walks along a rule on the clocks of ICU, old as they may be: a date in an hour
that those skip makes the next date an hour late (Evolution and KOrganizer show it so; nothing in a calendar helps). Under other
names it goes by the file.
"""

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache

from dev import libical as installed
from tests.expanders.reading import Date, Window, inside, moment, with_unknown_zones

Pointer = int
"""To a component."""


class Time(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = (
        *(
            (name, ctypes.c_int)
            for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")
        ),
        ("zone", ctypes.c_void_p),
    )


class Duration(ctypes.Structure):
    """struct icaldurationtype."""

    _fields_ = tuple((name, ctypes.c_uint) for name in ("is_neg", "days", "weeks", "hours", "minutes", "seconds"))


class Span(ctypes.Structure):
    """struct icaltime_span."""

    _fields_ = (("start", ctypes.c_long), ("end", ctypes.c_long), ("is_busy", ctypes.c_int))


Found = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Span), ctypes.c_void_p)


@cache
def library() -> ctypes.CDLL:
    """The library with the types of what is called here."""
    lib = installed.libical()
    component = [ctypes.c_void_p]
    for name, takes, gives in (
        ("icalparser_parse_string", [ctypes.c_char_p], ctypes.c_void_p),
        ("icalcomponent_string_to_kind", [ctypes.c_char_p], ctypes.c_int),
        ("icalproperty_status_to_string", [ctypes.c_int], ctypes.c_char_p),
        ("icalcomponent_get_first_component", [ctypes.c_void_p, ctypes.c_int], ctypes.c_void_p),
        ("icalcomponent_get_next_component", [ctypes.c_void_p, ctypes.c_int], ctypes.c_void_p),
        ("icalcomponent_get_uid", component, ctypes.c_char_p),
        ("icalcomponent_get_summary", component, ctypes.c_char_p),
        ("icalcomponent_get_status", component, ctypes.c_int),
        ("icalcomponent_get_dtstart", component, Time),
        ("icalcomponent_get_duration", component, Duration),
        ("icaldurationtype_as_int", [Duration], ctypes.c_int),
        ("icalproperty_string_to_kind", [ctypes.c_char_p], ctypes.c_int),
        ("icalcomponent_get_first_property", [ctypes.c_void_p, ctypes.c_int], ctypes.c_void_p),
        ("icalcomponent_remove_property", [ctypes.c_void_p, ctypes.c_void_p], None),
        ("icalproperty_get_datetime_with_component", [ctypes.c_void_p, ctypes.c_void_p], Time),
        (
            "icalproperty_recurrence_is_excluded",
            [ctypes.c_void_p, ctypes.POINTER(Time), ctypes.POINTER(Time)],
            ctypes.c_int,
        ),
        ("icalproperty_free", [ctypes.c_void_p], None),
        ("icaltime_from_timet_with_zone", [ctypes.c_long, ctypes.c_int, ctypes.c_void_p], Time),
        ("icaltime_convert_to_zone", [Time, ctypes.c_void_p], Time),
        ("icaltime_as_timet", [Time], ctypes.c_long),
        ("icaltimezone_get_utc_timezone", [], ctypes.c_void_p),
        ("icalcomponent_foreach_recurrence", [ctypes.c_void_p, Time, Time, Found, ctypes.c_void_p], None),
        ("icalcomponent_free", component, None),
    ):
        function = getattr(lib, name)
        function.argtypes, function.restype = takes, gives
    return lib


def libical(calendars: Sequence[bytes], window: Window) -> list[list[Date]]:
    return [_read(calendar, window) for calendar in calendars]


def _read(calendar: bytes, window: Window) -> list[Date]:
    root = library().icalparser_parse_string(with_unknown_zones(calendar))
    assert root, calendar
    events = list(_events(root))
    named = {one: _taken(one, "RECURRENCE-ID") for one in events}
    found: list[Date] = []
    for series in (one for one in events if not named[one]):
        uid = _uid(series)
        exceptions = {_seconds(named[one][0]): one for one in events if named[one] and _uid(one) == uid}
        found += _dates(series, exceptions, window)
    library().icalcomponent_free(root)
    return inside(found, window)


def _events(root: Pointer) -> Iterator[Pointer]:
    kind = library().icalcomponent_string_to_kind(b"VEVENT")
    event = library().icalcomponent_get_first_component(root, kind)
    while event:
        yield event
        event = library().icalcomponent_get_next_component(root, kind)


def _dates(series: Pointer, exceptions: dict[int, Pointer], window: Window) -> Iterator[Date]:
    """The dates of the rule and beside it, and in the place of each that has an exception the exception."""
    extra = [_seconds(one) for one in _taken(series, "RDATE") if not _is_excluded(series, one)]
    first = min([int(window[0].timestamp()), *exceptions])
    last = max([int(window[1].timestamp()), *exceptions]) + 1
    for start in [*_starts(series, first, last), *extra]:
        one = exceptions.get(start)
        yield _date(series, start) if one is None else _date(one, _seconds(library().icalcomponent_get_dtstart(one)))


def _starts(series: Pointer, first: int, last: int) -> list[int]:
    found: list[int] = []

    def keep(event: object, span: "ctypes._Pointer[Span]", nothing: object) -> None:
        found.append(span.contents.start)

    library().icalcomponent_foreach_recurrence(series, _utc(first), _utc(last), Found(keep), None)
    return found


def _taken(event: Pointer, name: str) -> list[Time]:
    """The times of these properties, which are taken out of the event."""
    kind, found = library().icalproperty_string_to_kind(name.encode()), []
    while one := library().icalcomponent_get_first_property(event, kind):
        found.append(library().icalproperty_get_datetime_with_component(one, event))
        library().icalcomponent_remove_property(event, one)
        library().icalproperty_free(one)
    return found


def _is_excluded(series: Pointer, extra: Time) -> bool:
    start: Time = library().icalcomponent_get_dtstart(series)
    return bool(library().icalproperty_recurrence_is_excluded(series, ctypes.byref(start), ctypes.byref(extra)))


def _date(event: Pointer, start: int) -> Date:
    is_off = library().icalproperty_status_to_string(library().icalcomponent_get_status(event)) == b"CANCELLED"
    length = library().icaldurationtype_as_int(library().icalcomponent_get_duration(event))
    title = library().icalcomponent_get_summary(event).decode()
    return Date(moment(start), moment(start + length), is_off, title)


def _uid(event: Pointer) -> bytes:
    uid: bytes = library().icalcomponent_get_uid(event)
    return uid


def _seconds(time: Time) -> int:
    utc = library().icaltime_convert_to_zone(time, library().icaltimezone_get_utc_timezone())
    return int(library().icaltime_as_timet(utc))


def _utc(seconds: int) -> Time:
    found: Time = library().icaltime_from_timet_with_zone(seconds, 0, library().icaltimezone_get_utc_timezone())
    return found
