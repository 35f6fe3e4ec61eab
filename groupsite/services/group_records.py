"""Stored groups as the values of a group file."""

from groupsite.domain.sharing import USUAL
from groupsite.domain.words import Joining, PositionStatus
from groupsite.formats.group_file_values import Enrolment, GroupRecord, PositionRecord, SeriesRecord, ShareWindow
from groupsite.models import Group, MeetingSeries, ServicePosition


def group_record(group: Group) -> GroupRecord:
    """The group with everything loaded: series, their overrides and pauses, positions."""
    return GroupRecord(
        slug=group.slug,
        name=group.name,
        family=group.family,
        attendance=group.attendance,
        listing_state=group.listing_state,
        locale=group.locale,
        city=group.city,
        summary=group.summary,
        audience=tuple(group.audience),
        last_confirmed_on=group.confirmed_on,
        meets_on_public_holidays=group.holidays,
        contact_email=group.contact_email,
        arrival_note=group.arrival_note,
        service_positions=tuple(_position_record(one) for one in group.positions),
        enrolment=Enrolment(**group.enrolment) if group.enrolment else None,
        joining=None if group.joining is Joining.OPEN else group.joining,
        sharing=None if group.sharing == USUAL else group.sharing,
        series=tuple(series_record(one) for one in group.series),
    )


def series_record(series: MeetingSeries) -> SeriesRecord:
    return SeriesRecord(
        slug=series.slug,
        schedule=series.schedule,
        format=series.format_slug,
        join=series.join,
        replaces=series.replaces,
        share_window=ShareWindow(**series.share_window) if series.share_window else None,
    )


def _position_record(row: ServicePosition) -> PositionRecord:
    return PositionRecord(
        title=row.title,
        term_months=row.term_months,
        status=PositionStatus(row.status),
        minutes_per_week=row.minutes_per_week,
        holder=row.holder,
        backup=row.backup,
        term_start=row.term_start,
    )
