"""The group file in and out: a group with its series, formats and positions. Loading the same file twice changes nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import InvalidInput
from groupsite.domain.meeting_format import as_kept, segments_of
from groupsite.domain.permissions import Identity
from groupsite.domain.recurrence import original_starts
from groupsite.formats import group_file as files
from groupsite.formats.group_file_values import FormatRecord, GroupFile, GroupRecord, SeriesRecord
from groupsite.models import Group, MeetingFormat, MeetingSeries, ServicePosition
from groupsite.services import audit, groups
from groupsite.services import series as meetings
from groupsite.services.group_records import group_record, series_record
from groupsite.services.publishing import hold_all


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one group of the file. `kept` are slugs of series that the file does not name."""

    slug: str
    outcome: Outcome
    kept: tuple[str, ...] = ()


def load(session: Session, actor: Identity, document: GroupFile, *, now: datetime) -> list[Loaded]:
    """Bring the groups of the file to what it says; nothing of other groups is touched. Raises InvalidInput."""
    slugs = [record.slug for record in document.groups]
    hold_all(session, Group.slug.in_(slugs))
    known = {group.slug: group for group in session.scalars(whole_groups().where(Group.slug.in_(slugs)))}
    for index, record in enumerate(document.groups):
        if record.slug in known and known[record.slug].origin is not None:
            raise InvalidInput(
                f"groups[{index}].slug", f"“{record.slug}” belongs to a listing from a directory. Choose another slug."
            )
    return [
        bring(session, actor, record, known.get(record.slug), _formats_of(record, document), now=now)
        for record in document.groups
    ]


def dump(session: Session, slug: str) -> bytes | None:
    """The group as a group file; None when there is no such group."""
    group = session.scalar(whole_groups().where(Group.slug == slug))
    if group is None:
        return None
    formats = tuple(_format_record(one) for one in group.formats)
    return files.write(GroupFile(formats=formats, groups=(_with_dates(group_record(group)),)))


def _with_dates(record: GroupRecord) -> GroupRecord:
    """Without the series that were taken back before their first date: no file may hold a meeting that never takes place."""
    never = {one.slug for one in record.series if original_starts(one.schedule).first is None}
    held = (one for one in record.series if one.slug not in never)
    return replace(record, series=tuple(replace(one, replaces=None) if one.replaces in never else one for one in held))


def whole_groups() -> Any:
    """A select of groups with everything that a group file holds of them."""
    series = selectinload(Group.series)
    return select(Group).options(
        series.selectinload(MeetingSeries.overrides),
        series.selectinload(MeetingSeries.pauses),
        selectinload(Group.formats),
        selectinload(Group.positions),
    )


def _formats_of(record: GroupRecord, document: GroupFile) -> list[FormatRecord]:
    """Those that the group's meetings have. In a file of one group all of them are its own, also those for later."""
    used = {series.format for series in record.series}
    is_alone = len(document.groups) == 1
    return sorted((one for one in document.formats if is_alone or one.slug in used), key=lambda one: one.slug)


def bring(
    session: Session,
    actor: Identity,
    record: GroupRecord,
    group: Group | None,
    formats: list[FormatRecord],
    *,
    now: datetime,
) -> Loaded:
    """Bring one group to what the record says; `group` is as stored, with everything loaded, or None for a new one."""
    is_new = group is None
    if group is None:
        group = Group(id=uuid4(), slug=record.slug, type_codes=[], created_at=now, series=[], formats=[], positions=[])
        session.add(group)
    elif _is_same(group, record, formats):
        return Loaded(record.slug, Outcome.SAME)
    is_renamed = not is_new and group.name != record.name
    _describe(group, record, formats, now)
    session.flush()
    if is_renamed:
        groups.renew_calendars(session, group, now=now)
    _load_series(session, actor, group, record.series, now=now)
    audit.record(session, actor, "group.loaded", now=now, group_id=group.id)
    named = {series.slug for series in record.series}
    kept = () if is_new else tuple(one.slug for one in group.series if one.slug not in named)
    return Loaded(record.slug, Outcome.NEW if is_new else Outcome.CHANGED, kept)


def _is_same(group: Group, record: GroupRecord, formats: list[FormatRecord]) -> bool:
    """Whether all that the record speaks of is stored; series that it does not name stay and count for nothing."""
    stored = group_record(group)
    named = {series.slug for series in record.series}
    spoken_of = replace(
        stored,
        joining=group.joining if record.joining else None,
        sharing=group.sharing if record.sharing else None,
        series=tuple(one for one in stored.series if one.slug in named),
    )
    return spoken_of == record and _has_formats(group, formats)


def _has_formats(group: Group, formats: list[FormatRecord]) -> bool:
    stored = {row.slug: _format_record(row) for row in group.formats}
    return all(stored.get(one.slug) == one for one in formats)


def _describe(group: Group, record: GroupRecord, formats: list[FormatRecord], now: datetime) -> None:
    group.name, group.family, group.attendance = record.name, record.family, record.attendance
    group.listing_state, group.locale, group.city = record.listing_state, record.locale, record.city
    group.summary, group.audience, group.arrival_note = record.summary, list(record.audience), record.arrival_note
    group.confirmed_on, group.holidays = record.last_confirmed_on, record.meets_on_public_holidays
    group.contact_email = record.contact_email
    group.enrolment = asdict(record.enrolment) if record.enrolment else None
    if record.joining:
        group.joining = record.joining
    if record.sharing:
        group.sharing_chosen = record.sharing
    group.changed_at = now
    if not _has_formats(group, formats):
        _bring_formats(group, formats)
    group.positions = [
        ServicePosition(position=position, **asdict(one)) for position, one in enumerate(record.service_positions)
    ]


def _bring_formats(group: Group, formats: Iterable[FormatRecord]) -> None:
    """Formats that the file does not name stay: a series that it does not name may use them."""
    rows = {row.slug: row for row in group.formats}
    for one in formats:
        row = rows.get(one.slug)
        if row is None:
            row = MeetingFormat(id=uuid4(), slug=one.slug)
            group.formats.append(row)
        row.name, row.total_minutes, row.signal = one.name, one.total_minutes, one.signal or None
        row.share_limit_minutes, row.share_limit_words = one.share_limit_minutes, one.share_limit_words
        row.segments = as_kept(one.segments)


def _load_series(
    session: Session, actor: Identity, group: Group, records: Iterable[SeriesRecord], *, now: datetime
) -> None:
    known = {series.slug: series for series in group.series}
    for position, record in enumerate(records):
        series = known.get(record.slug)
        if series is None:
            series = meetings.create_series(
                session, actor, group, SeriesDraft(record.schedule, record.join, record.slug), now=now
            )
            _attach(series, record, position)
        elif series_record(series) != record or series.position != position:
            meetings.replace_schedule(session, actor, series, record.schedule, record.join, now=now)
            _attach(series, record, position)


def _attach(series: MeetingSeries, record: SeriesRecord, position: int) -> None:
    """What belongs to a series beside its dates and its way in."""
    series.format_slug, series.replaces = record.format, record.replaces
    series.share_window = asdict(record.share_window) if record.share_window else None
    series.position = position


def _format_record(row: MeetingFormat) -> FormatRecord:
    return FormatRecord(
        slug=row.slug,
        name=row.name,
        total_minutes=row.total_minutes,
        segments=segments_of(row.segments),
        share_limit_minutes=row.share_limit_minutes,
        share_limit_words=row.share_limit_words,
        signal=row.signal or "",
    )
