"""A foreign calendar (RFC 5545) as series that a group could bring in, each with what was left out, or the reason why not.

Bytes that are no calendar, or more of one than any group has, raise InvalidInput("content", ...); nothing else is raised.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import InvalidInput
from groupsite.domain.join_info import JoinInfo
from groupsite.domain.recurrence import next_occurrences
from groupsite.domain.rules import parse_rule
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Reveal
from groupsite.domain.zones import to_local, zone
from groupsite.formats.ical_import_changes import LONG_OVER, Usual, changes_of, title_of
from groupsite.formats.ical_import_dates import SeriesClock, Unusable, clock_of, minutes_of, moments, start_of
from groupsite.formats.ical_import_lines import RawEvent, read_lines, refusal
from groupsite.formats.ical_import_places import Whereabouts, whereabouts
from groupsite.formats.ical_import_rules import FAR, LATELY, from_lately, rule_text, with_end_by_date, with_first_date

MOST_SERIES = 20
MOST_DATES = 400
"""Extra dates, dates left out and changed dates of one series, each counted by itself."""
MOST_NOTES = 12
LONGEST_UID = 500
USUAL_MINUTES = 60
NO_NAME = "Meeting"
OVER = "All its dates are over."
OLD_DATES = "Single dates that are over are left out."
NOT_SKIPPED = "The file leaves out single dates more than ten years ahead. Here those stay in."
PARTLY = "The file has single dates of it only, not the series. Export the whole series."
IN_NAME = "A link or a code in its name is left out with what follows it, because everybody reads the name."
PRIVATE = "It is marked private in the file. Everybody can read here what you bring in."


@dataclass(frozen=True, slots=True)
class ForeignSeries:
    """One UID of the file: a draft, or `reason` as a whole sentence. `notes` say what was guessed or left out."""

    uid: str = field(repr=False)
    title: str
    draft: SeriesDraft | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignCalendar:
    """`notes` are about the whole file."""

    series: tuple[ForeignSeries, ...]
    notes: tuple[str, ...]


def read_calendar(content: bytes, timezone: str, *, now: datetime) -> ForeignCalendar:
    """Every series of the file, in its order. `timezone` is for hours that name no zone; `now` is aware UTC.

    Raises InvalidInput: "content" for a file that is refused as a whole, "timezone" for a zone that is not known.
    """
    zone(timezone)
    calendar = read_lines(content)
    reader = _Reader(timezone, calendar.places, now)
    by_uid: dict[str, list[RawEvent]] = {}
    for event in calendar.events:
        by_uid.setdefault(_uid(event), []).append(event)
    open_ones = {uid: events for uid, events in by_uid.items() if not reader.is_one_date_that_is_over(events)}
    taken = open_ones or by_uid
    if len(taken) > MOST_SERIES:
        raise refusal(f"It holds more than {MOST_SERIES} meetings. Export only the calendar of this group.")
    notes = calendar.notes if len(taken) == len(by_uid) else [*calendar.notes, OLD_DATES]
    return ForeignCalendar(tuple(reader.series(uid, events) for uid, events in taken.items()), tuple(notes))


def _uid(event: RawEvent) -> str:
    """What the meeting is known by; without a UID its name and start (3.8.4.7 asks for one, not every program writes it)."""
    uid = event.value("UID")[:LONGEST_UID]
    return uid or "\0".join(event.value(name) for name in ("SUMMARY", "DTSTART", "RRULE"))[:LONGEST_UID]


@dataclass(frozen=True, slots=True)
class _Reader:
    timezone: str
    places: Mapping[str, str]
    now: datetime

    def is_one_date_that_is_over(self, events: list[RawEvent]) -> bool:
        """Calendars of people keep every appointment of years; those are not worth a line each."""
        if len(events) > 1 or any(events[0].all(name) for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
            return False
        try:
            start = start_of(events[0], self.places)
        except Unusable:
            return False
        return start is not None and start.wall < to_local(self.now, self.timezone) - LATELY

    def series(self, uid: str, events: list[RawEvent]) -> ForeignSeries:
        masters = [event for event in events if not event.all("RECURRENCE-ID")]
        changed = [event for event in events if event.all("RECURRENCE-ID")]
        title = title_of((masters or changed)[0]).text
        try:
            draft, notes = self._draft(_newest(masters), changed)
        except Unusable as unusable:
            return ForeignSeries(uid, title, reason=str(unusable))
        except InvalidInput as invalid:
            return ForeignSeries(uid, title, reason=invalid.reason)
        return ForeignSeries(uid, draft.schedule.title, draft, notes=_shortened(notes))

    def _draft(self, master: RawEvent, changed: list[RawEvent]) -> tuple[SeriesDraft, list[str]]:
        """Raises Unusable, InvalidInput."""
        _refuse_hopeless(master)
        clock, notes = clock_of(master, self.places, self.timezone)
        where, minutes = whereabouts(master), minutes_of(master, self.places, clock)
        schedule = Schedule(
            timezone=clock.timezone,
            dtstart_local=clock.start,
            duration_minutes=minutes or USUAL_MINUTES,
            rrule=_rule(master, clock),
            title=title_of(master).text or NO_NAME,
            kind=Kind.SHARING,
            modality=where.modality,
            venue=where.venue,
            rdates_local=self._dates(master, "RDATE", clock),
            exdates_local=self._dates(master, "EXDATE", clock),
        )
        notes += _notes(master, has_length=minutes is not None)
        SeriesDraft(schedule).check()
        lately = self._lately(schedule)
        notes += [] if lately.dtstart_local == clock.start else [LONG_OVER]
        lately, more = self._with_changes(lately, clock, where, changed)
        draft = SeriesDraft(lately, JoinInfo(url=where.link, reveal=Reveal.MEMBERS) if where.link else None)
        draft.check()
        if not next_occurrences(lately, self.now, 1):
            raise Unusable(OVER)
        return draft, [*notes, *where.notes, *more]

    def _lately(self, schedule: Schedule) -> Schedule:
        begin = to_local(self.now - LATELY, schedule.timezone)
        return with_end_by_date(from_lately(with_first_date(schedule), begin))

    def _with_changes(
        self, schedule: Schedule, clock: SeriesClock, where: Whereabouts, changed: list[RawEvent]
    ) -> tuple[Schedule, list[str]]:
        first = to_local(self.now - LATELY, schedule.timezone)
        last = to_local(self.now + FAR, schedule.timezone)
        originals = _dates_between(schedule, first, last) if changed else frozenset()
        found = changes_of(changed, Usual(schedule, clock, where, originals, first, last), self.places)
        skipped = tuple(one for one in schedule.exdates_local if first <= one <= last)
        found.notes += [LONG_OVER] if any(one < first for one in schedule.exdates_local) else []
        found.notes += [NOT_SKIPPED] if any(one > last for one in schedule.exdates_local) else []
        if max(len(found.overrides), len(skipped), len(schedule.rdates_local)) > MOST_DATES:
            raise Unusable(f"It has more than {MOST_DATES} single dates that differ from its rule.")
        return replace(schedule, exdates_local=skipped, overrides=tuple(found.overrides)), found.notes

    def _dates(self, master: RawEvent, name: str, clock: SeriesClock) -> tuple[datetime, ...]:
        found = (clock.local(one) for line in master.all(name) for one in moments(line, self.places))
        return tuple(sorted(set(found)))


def _dates_between(schedule: Schedule, first: datetime, last: datetime) -> frozenset[datetime]:
    """Original starts in one walk: asking for each by itself costs as many walks as there are changes."""
    start = schedule.dtstart_local
    dates = {one for one in schedule.rdates_local if first <= one <= last}
    if schedule.rrule is None:
        return frozenset((dates | {start}) - set(schedule.exdates_local))
    by_rule = parse_rule(schedule.rrule, schedule.timezone).between(start, max(start, first), last)
    return frozenset((dates | set(by_rule)) - set(schedule.exdates_local))


def _newest(masters: list[RawEvent]) -> RawEvent:
    """Of several that say they are the same meeting the last that was changed."""
    if not masters:
        raise Unusable(PARTLY)
    return max(reversed(masters), key=lambda event: event.version)


def _refuse_hopeless(master: RawEvent) -> None:
    """What the house cannot say without getting dates wrong."""
    if master.is_cancelled:
        raise Unusable("It is cancelled in the file.")
    if len(master.all("RRULE")) > 1:
        raise Unusable("It follows several rules at once. Make one meeting for each rule in your calendar first.")
    if master.all("EXRULE"):
        raise Unusable("It leaves dates out by a second rule (EXRULE), which we cannot repeat. Add it by hand.")


def _rule(master: RawEvent, clock: SeriesClock) -> str | None:
    line = master.first("RRULE")
    return rule_text(line.value, clock) if line else None


def _notes(master: RawEvent, *, has_length: bool) -> list[str]:
    is_private = master.value("CLASS").upper() in {"PRIVATE", "CONFIDENTIAL"}
    title, hid = title_of(master)
    said = {
        PRIVATE: is_private,
        IN_NAME: hid,
        f"It has no name that everybody may read and is called “{NO_NAME}”.": hid and not title,
        f"It has no name in the file and is called “{NO_NAME}”.": not hid and not title,
        f"It gives no end. It is taken to last {USUAL_MINUTES} minutes.": not has_length,
    }
    return [sentence for sentence, applies in said.items() if applies]


def _shortened(notes: Iterable[str]) -> tuple[str, ...]:
    listed = list(dict.fromkeys(notes))
    more = ["There is more like this."] if len(listed) > MOST_NOTES else []
    return (*listed[:MOST_NOTES], *more)
