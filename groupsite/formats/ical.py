"""Series as iCalendar (RFC 5545): one UID, the rule, exceptions by RECURRENCE-ID; the same values give the same bytes.

DTSTAMP equals LAST-MODIFIED, because these objects carry no METHOD (3.8.7.2). Zones are vtimezone.py's.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from icalendar import Event, vRecur, vText

from groupsite.domain.clock_changes import dates_at_clock_changes, is_at_clock_change
from groupsite.domain.recurrence import original_starts, touched_dates
from groupsite.domain.rules import parse_rule
from groupsite.domain.schedule import Occurrence, Schedule, Venue
from groupsite.domain.words import WITH_A_PLACE, OccurrenceStatus
from groupsite.domain.zones import year_of_zone_data, zone
from groupsite.formats.calendar_series import CalendarSeries, Stamp, newest
from groupsite.formats.content_lines import joined, text, usable
from groupsite.formats.vtimezone import vtimezone

NEUTRAL = "Dates"
CANCELLED_MARK = "Cancelled: "
UNTIL_FORMAT = "%Y%m%dT%H%M%S"
UTC_NAMES = {"UTC", "Etc/UTC"}
ONE_DATE = {"FREQ": "DAILY", "COUNT": 1}
"""The rule of a series without one that has RDATE or EXDATE: without any rule some programs lose DTSTART, or do not skip it."""
CLOCK_YEARS = 5
"""How far ahead of the zone data dates at a clock change are written out. With each release of it lines are written anew."""


def series_block(series: CalendarSeries, *, now: datetime) -> bytes:
    """The VEVENT lines of the series at `now`; cancelled dates that are over become EXDATE."""
    changes = _written_out(series.schedule)
    gone = {one: one.end_utc for one in changes if _is_gone(one, now)}
    return b"".join(event.to_ical() for event in _events(series, changes, gone))


def series_without_cancelled(series: CalendarSeries) -> list[Event]:
    """The VEVENTs of the series with every cancelled date as EXDATE: an invite may not say CANCELLED (RFC 5546, 3.2.2)."""
    changes = _written_out(series.schedule)
    gone = {one: series.stamp_of(one).changed for one in changes if one.status is OccurrenceStatus.CANCELLED}
    return _events(series, changes, gone)


def whole_series(series: CalendarSeries) -> Event:
    """One VEVENT that stands for everything under this UID, without its rule; the series may have no date any more."""
    schedule = series.schedule
    event = _event(series, series.stamp, schedule.title, schedule.venue, schedule.duration_minutes)
    event.add("dtstart", _aware(original_starts(schedule).first or schedule.dtstart_local, schedule.timezone))
    return event


def one_date(series: CalendarSeries, one: Occurrence) -> Event:
    """The VEVENT of one changed date: RECURRENCE-ID is its original start."""
    return _exception(series, one)


def _events(series: CalendarSeries, changes: list[Occurrence], gone: Mapping[Occurrence, datetime]) -> list[Event]:
    """The rule and its exceptions. Those that are `gone` since a moment (UTC) are gaps in the rule."""
    master = _master(series, gone)
    if master is None:
        return []
    return [master, *(_exception(series, one) for one in changes if one not in gone)]


def _written_out(schedule: Schedule) -> list[Occurrence]:
    """The dates that get an event of their own: every one under a change, and those of the coming years that programs would
    read differently, because clocks change while they begin or last."""
    years = (year_of_zone_data() - 1, max(schedule.dtstart_local.year, year_of_zone_data()) + CLOCK_YEARS)
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in years)
    found = [*touched_dates(schedule), *dates_at_clock_changes(schedule, begin, end)]
    return sorted({one.original_local: one for one in found}.values(), key=lambda one: one.original_local)


def block_renews_at(schedule: Schedule, *, now: datetime) -> datetime | None:
    """When the next cancelled date is over and leaves the block (UTC), or None."""
    ends = [
        one.end_utc
        for one in touched_dates(schedule)
        if one.status is OccurrenceStatus.CANCELLED and not _is_gone(one, now)
    ]
    return min(ends, default=None)


def product(maker: str) -> str:
    """PRODID of what this site writes: it names nothing but what the operator chose (RFC 5545, 3.7.3)."""
    return f"-//{text(maker).replace('/', ' ')}//EN"


def calendar(blocks: Iterable[bytes], zones: Iterable[tuple[str, int]], *, name: str, maker: str = NEUTRAL) -> bytes:
    """A whole calendar. `zones` are (IANA name, first year) of its series; without any, UTC stands in (3.6).

    `maker` is the site as calendars name it.
    """
    first_years: dict[str, int] = {}
    for zone_name, year in zones:
        first_years[zone_name] = min(year, first_years.get(zone_name, year))
    written = [vtimezone(zone_name, year) for zone_name, year in sorted(first_years.items())]
    title = text(name)
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{product(maker)}",
        "CALSCALE:GREGORIAN",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        f"NAME:{title}",
        f"X-WR-CALNAME:{title}",
    ]
    body = b"".join([*written, *blocks]) or vtimezone("Etc/GMT", datetime(2026, 1, 1, tzinfo=UTC).year)
    return b"".join([joined(head), body, b"END:VCALENDAR\r\n"])


def _is_gone(one: Occurrence, now: datetime) -> bool:
    return one.status is OccurrenceStatus.CANCELLED and one.end_utc <= now


def _master(series: CalendarSeries, gone: Mapping[Occurrence, datetime]) -> Event | None:
    """The VEVENT with the rule; None for a series without any date left to begin with."""
    schedule = series.schedule
    starts = original_starts(schedule)
    if starts.first is None:
        return None
    stamp = newest(series.stamp, *(Stamp(series.stamp_of(one).sequence, since) for one, since in gone.items()))
    event = _event(series, stamp, schedule.title, schedule.venue, schedule.duration_minutes)
    event.add("dtstart", _aware(starts.first, schedule.timezone))
    skipped = sorted({*starts.skipped, *(one.original_local for one in gone)})
    if schedule.rrule is not None and starts.is_by_rule:
        event.add("rrule", _recur(schedule))
    elif starts.extra or skipped:
        event.add("rrule", ONE_DATE)
    for extra in starts.extra:
        event.add("rdate", [_aware(extra, schedule.timezone)])
    for one in skipped:
        event.add("exdate", [_aware(one, schedule.timezone)])
    if series.replaces_uid:
        event.add("related-to", series.replaces_uid, parameters={"RELTYPE": "SIBLING"})
    event.add("status", "CONFIRMED")
    return event


def _exception(series: CalendarSeries, one: Occurrence) -> Event:
    is_cancelled = one.status is OccurrenceStatus.CANCELLED
    minutes = int((one.end_utc - one.start_utc) / timedelta(minutes=1))
    event = _event(series, series.stamp_of(one), one.title, one.venue, minutes, one)
    event.add("recurrence-id", _aware(one.original_local, one.timezone))
    event.add("dtstart", one.start_utc if is_at_clock_change(one) else _aware(one.start_local, one.timezone))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if is_cancelled:
        event.add("transp", "TRANSPARENT")
    return event


def _event(
    series: CalendarSeries, stamp: Stamp, title: str, venue: Venue | None, minutes: int, one: Occurrence | None = None
) -> Event:
    event = Event()
    event.add("uid", series.uid)
    event.add("dtstamp", stamp.changed.astimezone(UTC))
    if not series.is_discreet:
        event.add("created", series.created.astimezone(UTC))
    event.add("last-modified", stamp.changed.astimezone(UTC))
    event.add("sequence", stamp.sequence)
    event.add("duration", vText(_length(minutes)))
    prefix = f"{series.prefix}: " if series.prefix and series.prefix not in title else ""
    mark = CANCELLED_MARK if one and one.status is OccurrenceStatus.CANCELLED else ""
    event.add("summary", usable(mark + prefix + title))
    if series.is_discreet:
        event.add("class", "PRIVATE")
        return event
    place = _place(series, venue, one)
    if place:
        event.add("location", usable(place))
    words = _description(series, one)
    if words:
        event.add("description", usable(words, lines=True))
    if series.url:
        event.add("url", series.url)
    return event


def _length(minutes: int) -> str:
    """In hours, never in days: a day is as long as clocks make it (RFC 5545, 3.3.6)."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def _place(series: CalendarSeries, venue: Venue | None, one: Occurrence | None) -> str:
    """Where there is a door to go to; a date that is held online for once must not show the room."""
    modality = one.modality if one else series.schedule.modality
    return ", ".join(filter(None, (venue.name, venue.address))) if venue and modality in WITH_A_PLACE else ""


def _description(series: CalendarSeries, one: Occurrence | None) -> str:
    """The note on this date, and our page last."""
    return "\n".join(filter(None, (one.public_note if one else "", series.url)))


def _recur(schedule: Schedule) -> vRecur:
    """The rule's parts as values; UNTIL in UTC, because DTSTART has a zone (RFC 5545, 3.3.10).

    UNTIL is the last start that can be, and of a start that comes twice the second: some programs read the rule so.
    """
    parts = dict(parse_rule(schedule.rrule or "", schedule.timezone).parts)
    until = parts.pop("UNTIL", None)
    recur: vRecur = vRecur.from_ical(";".join(f"{name}={value}" for name, value in parts.items()))
    if until is not None:
        end = datetime.strptime(until, UNTIL_FORMAT)  # noqa: DTZ007  local
        last = datetime.combine(end.date(), schedule.dtstart_local.time())
        recur["UNTIL"] = _latest(last if last <= end else last - timedelta(days=1), schedule.timezone)
    return recur


def _aware(local: datetime, timezone: str) -> datetime:
    return local.replace(tzinfo=UTC if timezone in UTC_NAMES else zone(timezone))


def _latest(local: datetime, timezone: str) -> datetime:
    """The last moment (UTC) that anybody takes this wall-clock time for."""
    aware = _aware(local, timezone)
    return max(aware.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
