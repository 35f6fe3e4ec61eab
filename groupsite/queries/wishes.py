"""What people want whose reminders are planned: which quiet hours on which clock, and which leads occur among them."""

from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from groupsite.domain.reminders import MIDNIGHT
from groupsite.domain.safe_days import EVERY_DAY
from groupsite.domain.words import MembershipState
from groupsite.models import Account, MeetingSeries, Membership


@dataclass(frozen=True, slots=True)
class Profile:
    """On which clock somebody has which quiet hours and safe days; NO_QUIET for everybody who has chosen none.

    Days alone have quiet hours from midnight to midnight, which are none.
    """

    timezone: str
    begin: time
    end: time
    safe_days: int = EVERY_DAY


NO_QUIET = Profile("", MIDNIGHT, MIDNIGHT)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What occurs among some people: their profiles, and their leads in minutes."""

    profiles: frozenset[Profile]
    leads: frozenset[int]


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose reminders: everybody's, or those of some series, or of one account."""

    series: tuple[UUID, ...] | None = None
    account: UUID | None = None

    @property
    def is_everybody(self) -> bool:
        return self.series is None and self.account is None

    def among(self, series_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        conditions: list[ColumnElement[bool]] = []
        if self.series is not None:
            conditions.append(series_id.in_(self.series))
        if self.account is not None:
            conditions.append(Membership.account_id == self.account)
        return and_(true(), *conditions)


EVERYBODY = Whom()

PROFILES = text("""
    WITH RECURSIVE profile AS (
        (SELECT coalesce(timezone, '') AS zone, coalesce(quiet_from, '00:00:00') AS begins,
                coalesce(quiet_until, '00:00:00') AS ends, safe_days FROM account
         WHERE (quiet_from IS NOT NULL AND quiet_until IS NOT NULL) OR safe_days <> 127
         ORDER BY coalesce(timezone, ''), coalesce(quiet_from, '00:00:00'), coalesce(quiet_until, '00:00:00'), safe_days
         LIMIT 1)
        UNION ALL
        SELECT following.* FROM profile, LATERAL (
            SELECT coalesce(timezone, ''), coalesce(quiet_from, '00:00:00'), coalesce(quiet_until, '00:00:00'), safe_days
            FROM account
            WHERE ((quiet_from IS NOT NULL AND quiet_until IS NOT NULL) OR safe_days <> 127)
            AND (coalesce(timezone, ''), coalesce(quiet_from, '00:00:00'), coalesce(quiet_until, '00:00:00'), safe_days)
              > (profile.zone, profile.begins, profile.ends, profile.safe_days)
            ORDER BY coalesce(timezone, ''), coalesce(quiet_from, '00:00:00'), coalesce(quiet_until, '00:00:00'), safe_days
            LIMIT 1) AS following
    ), zone AS (
        (SELECT timezone FROM meeting_series ORDER BY timezone LIMIT 1)
        UNION ALL
        SELECT (SELECT timezone FROM meeting_series WHERE timezone > zone.timezone ORDER BY timezone LIMIT 1)
        FROM zone WHERE zone.timezone IS NOT NULL
    )
    SELECT zone, begins, ends, safe_days FROM profile WHERE zone <> ''
    UNION
    SELECT zone.timezone, begins, ends, safe_days FROM profile, zone WHERE profile.zone = '' AND zone.timezone IS NOT NULL
""")
"""From one different entry of the index to the next (a loose index scan): as many probes as there are profiles."""

LEADS = text("""
    WITH RECURSIVE choice AS (
        (SELECT lead_minutes FROM membership ORDER BY lead_minutes LIMIT 1)
        UNION ALL
        SELECT (SELECT lead_minutes FROM membership WHERE lead_minutes > choice.lead_minutes ORDER BY lead_minutes LIMIT 1)
        FROM choice WHERE choice.lead_minutes IS NOT NULL
    )
    SELECT DISTINCT unnest(lead_minutes) FROM choice
""")
"""The same for leads."""


def wishes_of(session: Session, whom: Whom) -> Wishes:
    """Profiles and leads that occur; of everybody without looking at each."""
    if whom.is_everybody:
        found = {Profile(*row) for row in session.execute(PROFILES)}
        return Wishes(frozenset({NO_QUIET, *found}), frozenset(session.scalars(LEADS)))
    query = (
        select(Membership.lead_minutes, *profile_of(MeetingSeries.timezone))
        .join(Account, Account.id == Membership.account_id)
        .join(MeetingSeries, MeetingSeries.group_id == Membership.group_id)
        .where(whom.among(MeetingSeries.id), Membership.state == MembershipState.ACTIVE, Membership.lead_minutes != [])
        .distinct()
    )
    rows = session.execute(query).all()
    profiles = frozenset(Profile(zone, begin, end, safe_days) for _, zone, begin, end, safe_days in rows)
    return Wishes(profiles, frozenset(lead for chosen, *_ in rows for lead in chosen))


def profile_of(
    timezone_of_date: Any,
) -> tuple[ColumnElement[str], ColumnElement[time], ColumnElement[time], ColumnElement[int]]:
    """The account's profile as columns, as `Profile` has it."""
    has_hours = and_(Account.quiet_from.is_not(None), Account.quiet_until.is_not(None))
    has_own = or_(has_hours, Account.safe_days != EVERY_DAY)
    return (
        case((has_own, func.coalesce(Account.timezone, timezone_of_date)), else_=NO_QUIET.timezone),
        case((has_hours, Account.quiet_from), else_=NO_QUIET.begin),
        case((has_hours, Account.quiet_until), else_=NO_QUIET.end),
        cast(Account.safe_days, Integer),
    )
