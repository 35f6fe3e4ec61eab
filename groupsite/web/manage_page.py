"""The page of the week for the people who run a group: what comes, what is missing, who belongs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from groupsite.domain.cadence import describe
from groupsite.domain.permissions import Identity
from groupsite.domain.recurrence import occurrence_key
from groupsite.domain.wording import date_words
from groupsite.domain.words import WITH_A_PLACE, Modality
from groupsite.models import Group, MeetingSeries, OccurrenceRow
from groupsite.queries.dates import upcoming
from groupsite.queries.joining import RequestLine, requests_of
from groupsite.queries.manage import MemberLine, members_of
from groupsite.web.presentation import DateView, date_view

AT_ONCE = 12
FRESH_FOR = timedelta(days=90)
FROM_ELSEWHERE = {Modality.ONLINE, Modality.HYBRID, Modality.PHONE}


@dataclass(frozen=True, slots=True)
class Meeting:
    slug: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Member:
    display_name: str
    since: str
    runs: bool


@dataclass(frozen=True, slots=True)
class DateRow:
    view: DateView
    change_href: str


@dataclass(frozen=True, slots=True)
class ManagePage:
    dates: list[DateRow]
    meetings: list[Meeting]
    members: list[Member]
    requests: list[RequestLine]
    missing: list[str]
    confirmed_on: str


def manage_page(session: Session, group: Group, reader: Identity, now: datetime) -> ManagePage:
    """`group` with its series, their overrides and pauses loaded; three queries more."""
    rows = upcoming(session, group.id, now=now, limit=AT_ONCE)
    return ManagePage(
        dates=[_date_row(row, group, now) for row in rows],
        meetings=[Meeting(series.slug, series.title, describe(series.schedule)) for series in group.series],
        members=[_member(line) for line in members_of(session, group.id, reader_id=reader.account_id)],
        requests=requests_of(session, group.id, reader_id=reader.account_id, today=now.date()),
        missing=list(missing(group, now.date())),
        confirmed_on=date_words(group.confirmed_on) if group.confirmed_on else "",
    )


def missing(group: Group, today: date) -> Iterator[str]:
    """What somebody who comes for the first time would look for and not find; whole sentences."""
    if not group.series:
        yield "There is no meeting yet. Add one, so that people know when to come."
    if not group.summary:
        yield "There are no words about what the group is like."
    if group.confirmed_on is None or today - group.confirmed_on > FRESH_FOR:
        yield "Nobody has confirmed lately that the listing is right."
    if not group.arrival_note and any(series.modality in WITH_A_PLACE for series in group.series):
        yield "There is no note on finding the way in."
    for series in group.series:
        yield from _missing_of(series)


def _missing_of(series: MeetingSeries) -> Iterator[str]:
    if series.modality in WITH_A_PLACE and series.venue is None:
        yield f"“{series.title}” has no place."
    if series.modality in FROM_ELSEWHERE and (series.join is None or series.join.is_empty):
        yield f"“{series.title}” has no link and no telephone number."


def _member(line: MemberLine) -> Member:
    return Member(line.display_name, f"{line.joined_month:%B %Y}", line.runs)


def _date_row(row: OccurrenceRow, group: Group, now: datetime) -> DateRow:
    key = occurrence_key(row.original_local)
    return DateRow(
        view=date_view(row, group, reader_zone=None, now=now),
        change_href=url_for("manage_dates.change", slug=group.slug, series=row.series_slug, key=key),
    )
