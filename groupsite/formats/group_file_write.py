"""Writes a group file. What equals its default is left out; the order is that of the values, so equal values give equal bytes."""

import json
from dataclasses import fields, replace
from datetime import date, datetime, time
from typing import Any

from groupsite.domain.join_info import DEFAULT_WINDOW_MINUTES, JoinInfo
from groupsite.domain.meeting_format import Segment
from groupsite.domain.schedule import Override, Schedule
from groupsite.domain.sharing import Sharing
from groupsite.domain.words import Reveal
from groupsite.formats.group_file_series import WEEKDAYS
from groupsite.formats.group_file_values import (
    FormatRecord,
    GroupFile,
    GroupRecord,
    PersonaRecord,
    RemindersRecord,
    SeriesRecord,
)

Document = dict[str, Any]


def write(group_file: GroupFile) -> bytes:
    """UTF-8 JSON that `parse` reads back to the same values."""
    document = _said(
        formats=[_format(item) for item in group_file.formats],
        personas=[_persona(item) for item in group_file.personas],
        groups=[_group(item) for item in group_file.groups],
    )
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _said(**pairs: Any) -> Document:
    """The pairs whose value says something; dates and times as text."""
    return {key: _plain(value) for key, value in pairs.items() if value is not None and value not in ("", (), [], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _flat(value: Any) -> Document:
    """A frozen value whose field names are the keys of the file."""
    return _said(**{item.name: getattr(value, item.name) for item in fields(value)}) if value else {}


def _format(record: FormatRecord) -> Document:
    return _flat(replace(record, segments=())) | _said(segments=[_segment(item) for item in record.segments])


def _segment(segment: Segment) -> Document:
    document = _flat(segment)
    return document if segment.optional else {key: document[key] for key in document if key != "optional"}


def _persona(persona: PersonaRecord) -> Document:
    document = _flat(replace(persona, reminders=None))
    return document | _said(reminders=_reminders(persona.reminders) if persona.reminders else None)


def _reminders(reminders: RemindersRecord) -> Document:
    quiet = (reminders.quiet_from, reminders.quiet_until)
    return _said(
        channel=reminders.channel,
        discreet=reminders.discreet,
        lead_minutes=reminders.lead_minutes,
        quiet_hours=quiet if None not in quiet else None,
        discreet_title=reminders.discreet_title,
    )


def _group(group: GroupRecord) -> Document:
    return _flat(replace(group, service_positions=(), enrolment=None, sharing=None, series=())) | _said(
        service_positions=[_flat(item) for item in group.service_positions],
        enrolment=_flat(group.enrolment),
        sharing=_sharing(group.sharing) if group.sharing else None,
        series=[_series(item) for item in group.series],
    )


def _sharing(sharing: Sharing) -> Document:
    """Whole: said in a file, what is usual is chosen."""
    return {"holds_first": sharing.holds_first, "nudges": sharing.nudges} | _said(
        own_line=sharing.own_line,
        topics={day: topic for day, topic in zip(WEEKDAYS, sharing.topics, strict=False) if topic},
    )


def _series(series: SeriesRecord) -> Document:
    return (
        {"slug": series.slug}
        | _schedule(series.schedule)
        | _said(
            format=series.format,
            join=_join(series.join) if series.join else None,
            replaces=series.replaces,
            share_window=_flat(series.share_window),
        )
    )


def _schedule(schedule: Schedule) -> Document:
    return _said(
        title=schedule.title,
        kind=schedule.kind,
        kind_by_week_of_month={str(week): kind for week, kind in sorted(schedule.kind_by_week_of_month.items())},
        kind_by_weekday={WEEKDAYS[day]: kind for day, kind in sorted(schedule.kind_by_weekday.items())},
        modality=schedule.modality,
        timezone=schedule.timezone,
        dtstart_local=schedule.dtstart_local,
        duration_minutes=schedule.duration_minutes,
        rrule=schedule.rrule,
        venue=_flat(schedule.venue),
        exdates_local=schedule.exdates_local,
        rdates_local=schedule.rdates_local,
        pauses=[_flat(item) for item in schedule.pauses],
        overrides=[_override(item) for item in schedule.overrides],
    )


def _override(override: Override) -> Document:
    span = (override.first_date, override.last_date) if override.first_date else None
    return (
        _said(range_local=span)
        | _flat(replace(override, first_date=None, last_date=None, venue=None))
        | _said(venue=_flat(override.venue))
    )


def _join(join: JoinInfo) -> Document:
    document = _flat(join)
    if join.reveal is Reveal.MEMBERS:
        del document["reveal"]
    if join.window_minutes == DEFAULT_WINDOW_MINUTES:
        del document["window_minutes"]
    return document
