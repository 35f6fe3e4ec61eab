"""Single dates that a foreign series changes (RECURRENCE-ID, RFC 5545, 3.8.4.4), as changes of ours."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from groupsite.domain.schedule import Override, Schedule
from groupsite.domain.wording import date_words
from groupsite.domain.words import OverrideAction
from groupsite.formats.content_lines import plain
from groupsite.formats.ical_import_dates import SeriesClock, Unusable, minutes_of, moments, start_of
from groupsite.formats.ical_import_lines import RawEvent
from groupsite.formats.ical_import_places import Whereabouts, whereabouts
from groupsite.formats.ical_import_ways_in import PublicWords, public_words

LONGEST_TITLE = 80
LONG_OVER = "Dates that were over long ago are left behind."
NO_SUCH_DATE = "there is no such date in the meeting"
TOO_FAR = "it is more than ten years ahead"
FROM_THEN_ON = (
    "From a certain date on it is changed for good (“this and future”). Make two meetings of it in your calendar first."
)


@dataclass(slots=True)
class Changes:
    """`notes` are whole sentences on what was left out."""

    overrides: list[Override] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Usual:
    """What a date is like without a change."""

    schedule: Schedule
    clock: SeriesClock
    where: Whereabouts
    originals: Collection[datetime]
    """Every date that a change may name; others are too old, too far ahead, or none."""
    first: datetime
    last: datetime
    """Local times between which changes are taken."""


def changes_of(events: list[RawEvent], usual: Usual, places: Mapping[str, str]) -> Changes:
    """The changes of these events, each about one date. Raises Unusable when one of them is about more."""
    found = Changes()
    newest: dict[datetime, RawEvent] = {}
    for event in events:
        original = _original(event, usual, places)
        if original in newest and event.version < newest[original].version:
            continue
        newest[original] = event
    for original, event in sorted(newest.items(), key=lambda one: one[0]):
        if original in usual.originals:
            found.overrides += _overrides(original, event, usual, places, found.notes)
        else:
            found.notes.append(_why_left_out(original, usual))
    return found


def _why_left_out(original: datetime, usual: Usual) -> str:
    if original < usual.first:
        return LONG_OVER
    reason = NO_SUCH_DATE if original <= usual.last else TOO_FAR
    return f"A change for {date_words(original)} is left out: {reason}."


def _original(event: RawEvent, usual: Usual, places: Mapping[str, str]) -> datetime:
    line = event.all("RECURRENCE-ID")[0]
    if line.parameters.get("RANGE"):
        raise Unusable(FROM_THEN_ON)
    original = usual.clock.local(next(moments(line, places)))
    if original in usual.originals:
        return original
    same_day = [one for one in usual.originals if one.date() == original.date()]
    return same_day[0] if len(same_day) == 1 else original


def _overrides(
    original: datetime, event: RawEvent, usual: Usual, places: Mapping[str, str], notes: list[str]
) -> Iterator[Override]:
    if event.is_cancelled:
        yield Override(OverrideAction.CANCEL, original)
        return
    yield from _of_time(original, event, usual, places, notes)
    yield from _of_place(original, event, usual, notes)
    title, hid = title_of(event)
    if hid:
        notes.append(f"For {date_words(original)} a link or a code in the name is left out. Everybody reads the name.")
    if title and title != usual.schedule.title:
        yield Override(OverrideAction.RETITLE, original, title=title)


def _of_time(
    original: datetime, event: RawEvent, usual: Usual, places: Mapping[str, str], notes: list[str]
) -> Iterator[Override]:
    moment = start_of(event, places)
    if moment is None or moment.is_day:
        notes.append(f"For {date_words(original)} the file gives no hour. The usual one stays.")
        return
    start, minutes = usual.clock.local(moment), minutes_of(event, places, usual.clock)
    longer = minutes if minutes != usual.schedule.duration_minutes else None
    if start != original:
        yield Override(OverrideAction.MOVE, original, new_start_local=start, duration_minutes=longer)
    elif longer:
        yield Override(OverrideAction.RETITLE, original, duration_minutes=longer)


def _of_place(original: datetime, event: RawEvent, usual: Usual, notes: list[str]) -> Iterator[Override]:
    where, series = whereabouts(event), usual.where
    if where.link and where.link != series.link:
        notes.append(f"For {date_words(original)} the file gives another link, which is left out.")
    is_elsewhere = where.venue is not None and where.venue != series.venue
    goes_online = where.venue is None and where.modality is not series.modality
    if where.modality is not series.modality and (is_elsewhere or goes_online) and (where.link or where.venue):
        yield Override(OverrideAction.CHANGE_MODALITY, original, modality=where.modality)
    if is_elsewhere:
        yield Override(OverrideAction.RELOCATE, original, venue=where.venue)
    elif where.venue is None and series.venue is not None and not where.link:
        notes.append(f"For {date_words(original)} the file gives no place. The usual one stays.")


def title_of(event: RawEvent) -> PublicWords:
    """SUMMARY as a title that everybody may read, or nothing."""
    whole, hid = public_words(plain(event.value("SUMMARY")))
    return PublicWords(whole if len(whole) <= LONGEST_TITLE else whole[: LONGEST_TITLE - 1].rstrip() + "…", hid)
