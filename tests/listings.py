"""Listings as the tests of their pages need them: with a way in, and what a page shows of dates."""

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.join_info import JoinInfo
from groupsite.models import Group, MeetingSeries, SeriesOverride
from groupsite.queries.groups import group_named, series_of
from groupsite.services import occurrences
from tests.plugins.application import MORNING

DATE_LINK = re.compile(r'href="/groups/([^"/]+)/meetings/([^"/]+)/([^"?]+)["?]')
SECRETS = ("https://meet.example.org/lantern", "+1-202-555-0142", "hush-now")
WAY_IN = JoinInfo(url=SECRETS[0], phone=SECRETS[1], passcode=SECRETS[2])


def change_group(session: Session, slug: str, **columns: Any) -> None:
    group = group_named(session, slug)
    for name, value in columns.items():
        setattr(group, name, value)
    session.commit()


def give_way_in(session: Session, slug: str, **how: Any) -> None:
    """Each series of the group gets this link, number and passcode; `how` is who sees them when."""
    for series in session.scalars(select(MeetingSeries).join(Group).where(Group.slug == slug)):
        series.join = replace(WAY_IN, **how)
    session.commit()


def change_date(session: Session, slug: str, **override: Any) -> None:
    """A published change of one date of the main series, with the dates brought up to it."""
    group = group_named(session, slug)
    series = series_of(session, group.id, "main")
    series.overrides.append(SeriesOverride(position=99, published_at=MORNING, **override))
    session.flush()
    occurrences.refresh(session, series, now=MORNING)
    session.commit()


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]
