"""What becomes of our objects on a CalDAV server: taken, given back whole, and found at the right times."""

import re
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import MembershipState, OccurrenceStatus
from groupsite.models import Group, OccurrenceRow
from groupsite.queries.groups import series_of
from groupsite.services import date_changes, outbox
from tests.browser import Browser
from tests.plugins.application import MORNING
from tests.post_office import PostOffice, member, tonight, without_quiet_hours
from tests.programs.caldav import KeptCalendar
from tests.sample import sample_series

FROM, TO = MORNING, MORNING + timedelta(days=200)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
TAKEN_FOR_UTC = {"Europe/London"}
"""Radicale's own reader, vobject, takes a zone that stands at UTC up to 2020 for UTC, and then loses its summer."""
GROUPS = sorted({one.group for one in sample_series() if one.schedule.timezone not in TAKEN_FOR_UTC})
EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
UID = re.compile(rb"\r\nUID:(.*?)\r\n")
Date = tuple[datetime, bool]
"""When it begins (UTC), and whether it is called off."""


def objects(body: bytes) -> dict[str, bytes]:
    """The objects of a calendar by UID, each with the zones, as a program keeps them that was given a feed."""
    events: dict[str, list[bytes]] = {}
    for event in EVENT.findall(body):
        events.setdefault(UID.search(event)[1].decode(), []).append(event)  # type: ignore[index]  # each has one
    head = body[: body.index(b"BEGIN:VEVENT")]
    return {uid: b"".join([head, *parts, b"END:VCALENDAR\r\n"]) for uid, parts in events.items()}


def said(body: bytes) -> list[list[str]]:
    """The lines of each component, unfolded, in an order that does not depend on who wrote them.

    Radicale's own reader, vobject, writes 24 hours as a day.
    """
    open_now: list[list[str]] = []
    done: list[list[str]] = []
    for line in body.decode().replace("\r\n ", "").replace("DURATION:P1D", "DURATION:PT24H").splitlines():
        if line.startswith("BEGIN:"):
            open_now.append([])
        open_now[-1].append(line)
        if line.startswith("END:"):
            done.append(sorted(open_now.pop()))
    return sorted(done)


def dates(kept: KeptCalendar) -> list[Date]:
    found = (event for calendar in kept.between(FROM, TO) for event in calendar.walk("VEVENT"))
    return sorted((event["DTSTART"].dt.astimezone(UTC), event["STATUS"] == "CANCELLED") for event in found)


def expected(session: Session, slug: str, series_slug: str = "") -> list[Date]:
    """The dates that the pages have."""
    query = (
        select(OccurrenceRow.start_utc, OccurrenceRow.status)
        .join(Group, Group.id == OccurrenceRow.group_id)
        .where(Group.slug == slug, OccurrenceRow.end_utc > FROM, OccurrenceRow.start_utc < TO)
    )
    rows = session.execute(query.where(OccurrenceRow.series_slug == series_slug) if series_slug else query)
    return sorted((start, status is OccurrenceStatus.CANCELLED) for start, status in rows)


@pytest.mark.parametrize("slug", GROUPS)
def test_public_calendar_is_kept_whole(
    client: Browser, session: Session, sample: None, kept: KeptCalendar, slug: str
) -> None:
    given = objects(client.get(f"/groups/{slug}/calendar.ics").data)
    for uid, body in given.items():
        assert kept.put(uid, body) == 201
        assert said(kept.get(uid)) == said(body)
    assert dates(kept) == expected(session, slug)


@pytest.fixture
def invited(post: PostOffice, session: Session) -> PostOffice:
    """Marisol has her invites to the two series of Tuesday Lantern."""
    without_quiet_hours(session, "marisol")
    person = member(session, "marisol")
    person.wants_invites, person.lead_minutes = True, []
    session.flush()
    outbox.invites_chosen(session, membership_id=person.id, now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    return post


def mailed(post: PostOffice, method: str) -> dict[str, bytes]:
    """The newest object for each UID that was mailed to Marisol with this method, as a program keeps it: without it."""
    found: dict[str, bytes] = {}
    for mail in post.mailbox.to("marisol"):
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        if part.get_param("method") == method:
            body = cast("bytes", part.get_payload(decode=True))
            found |= objects(body.replace(f"METHOD:{method}\r\n".encode(), b""))
    return found


def keep(kept: KeptCalendar, given: dict[str, bytes]) -> None:
    """Put them there, over what was there, and see that they come back as they went."""
    for uid, body in given.items():
        assert kept.put(uid, body) in {201, 204}
        assert said(kept.get(uid)) == said(body)


def test_invites_are_kept_with_their_dates(invited: PostOffice, session: Session, kept: KeptCalendar) -> None:
    given = mailed(invited, "REQUEST")
    keep(kept, given)
    assert len(given) == 2
    assert dates(kept) == expected(session, "tuesday-lantern")


def test_update_moves_one_date_of_the_kept_invite(invited: PostOffice, session: Session, kept: KeptCalendar) -> None:
    keep(kept, mailed(invited, "REQUEST"))
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    date_changes.move_date(session, VISITOR, series, row.original_local, row.original_local + HOUR, now=MORNING)
    session.commit()
    invited.deliver(at=MORNING + SECOND)
    keep(kept, mailed(invited, "REQUEST"))
    assert (row.original_utc + HOUR, False) in dates(kept)
    assert dates(kept) == expected(session, "tuesday-lantern")


def test_date_called_off_is_so_in_the_kept_invite(invited: PostOffice, session: Session, kept: KeptCalendar) -> None:
    invites = mailed(invited, "REQUEST")
    row = tonight(session)
    series = series_of(session, row.group_id, "main")
    date_changes.cancel_date(session, VISITOR, series, row.original_local, now=MORNING)
    session.commit()
    invited.deliver(at=MORNING + SECOND)
    for uid, called_off in mailed(invited, "CANCEL").items():
        keep(kept, {uid: called_off})
        event, end = EVENT.findall(called_off)[0], b"END:VCALENDAR"
        invites[uid] = invites[uid].replace(end, event + end)
    keep(kept, invites)
    assert (row.start_utc, True) in dates(kept)
    assert dates(kept) == expected(session, "tuesday-lantern")


def test_leaving_names_what_is_to_go(invited: PostOffice, session: Session, kept: KeptCalendar) -> None:
    keep(kept, mailed(invited, "REQUEST"))
    person = member(session, "marisol")
    outbox.member_left(session, membership_id=person.id, now=MORNING)
    person.state, person.wants_invites = MembershipState.LEFT, False
    session.commit()
    invited.deliver(at=MORNING + SECOND)
    withdrawn = mailed(invited, "CANCEL")
    keep(kept, withdrawn)
    assert [kept.delete(uid) for uid in withdrawn] == [200, 200]
    assert dates(kept) == []
