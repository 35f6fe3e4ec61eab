"""Calendars: written cold, changed in a large group, polled by many; each against the least that could be done."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from icalendar import Alarm, Calendar, Event
from sqlalchemy import Engine, create_engine, insert, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from bench.site import Site
from bench.table import Line, best_rate
from bench.web import Address, fetch_all
from groupsite.domain.permissions import VISITOR
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Attendance, Family, Kind, ListingState, Modality
from groupsite.models import Account, CalendarFeed, Group, MeetingSeries
from groupsite.queries.calendars import whole_series
from groupsite.services import calendars, date_changes, feeds, kept_lines, series
from groupsite.services.calendars import Site as Names

LARGE, SMALL, MANY = 1000, 100, 10_000
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NAMES = Names("dates.invalid", "https://bench.invalid", "Dates")
WEEKLY = Schedule(
    timezone="Europe/London",
    dtstart_local=datetime(2026, 11, 24, 19),  # noqa: DTZ001  wall clock
    duration_minutes=75,
    rrule="FREQ=WEEKLY;BYDAY=TU",
    title="Tuesday evening, for people who come from work",
    kind=Kind.SHARING,
    modality=Modality.ONLINE,
    venue=None,
)


def lines(site: Site) -> list[Line]:
    engine = create_engine(site.postgres.url("bench"))
    groups = {size: _group_of(engine, size) for size in (1, SMALL, LARGE)}
    told = [*_cold(engine, groups[SMALL]), _changed(engine, groups), _polled(engine, site)]
    engine.dispose()
    return told


def _group_of(engine: Engine, size: int) -> UUID:
    """A group with that many weekly meetings, their lines rendered."""
    with Session(engine) as session:
        group = Group(
            id=uuid4(), slug=f"bench-{size}", name=f"Bench {size}", family=Family.INDEPENDENT, created_at=NOW, changed_at=NOW,
            attendance=Attendance.OBSERVERS_WELCOME, listing_state=ListingState.ACTIVE,
        )  # fmt: skip
        session.add(group)
        session.flush()
        usual = series.columns_of(WEEKLY) | series.unchanged_since(NOW) | {"group_id": group.id}
        rows = [usual | {"id": uuid4(), "uid": uuid4(), "slug": f"m{one}", "position": one} for one in range(size)]
        session.execute(insert(MeetingSeries), rows)
        calendars.group_feed(session, group, NAMES, now=NOW)
        session.commit()
        return group.id


def _cold(engine: Engine, group_id: UUID) -> list[Line]:
    """A feed of 100 series that no process has in memory, against reading and joining the same bytes, and against icalendar."""
    with Session(engine) as session:
        group = session.get_one(Group, group_id)
        lines = select(MeetingSeries.calendar_block).where(MeetingSeries.group_id == group_id)
        ids = list(session.scalars(select(MeetingSeries.id).where(MeetingSeries.group_id == group_id)))

        def ours() -> int:
            return len(calendars.group_feed(session, group, NAMES, now=NOW).body) and 1

        def joined() -> int:
            return len(b"".join(one or b"" for one in session.scalars(lines))) and 1

        def from_scratch() -> int:
            return len(_by_icalendar(whole_series(session, ids))) and 1

        cold = best_rate(ours)
        return [
            Line(f"feed of {SMALL} series, cold", cold, "reading and joining its bytes", best_rate(joined), 0.5),
            Line(f"feed of {SMALL} series, cold", cold, "building it with icalendar", best_rate(from_scratch, 2), 5),
        ]


def _by_icalendar(found: Sequence[MeetingSeries]) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//bench//EN")
    for one in found:
        event, alarm = Event(), Alarm()
        for name, value in (("uid", one.uid.hex), ("dtstamp", one.changed_at), ("summary", one.title), ("dtstart", NOW),
                            ("rrule", {"freq": "weekly"}), ("sequence", one.sequence)):  # fmt: skip
            event.add(name, value)
        alarm.add("action", "DISPLAY")
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _changed(engine: Engine, groups: dict[int, UUID]) -> Line:
    """One date cancelled and taken back, its lines written after each, in a group of one meeting and in one of a thousand."""

    def rate(group_id: UUID) -> float:
        with Session(engine) as session:
            one = session.scalars(select(MeetingSeries).where(MeetingSeries.group_id == group_id).limit(1)).one()

            def change() -> int:
                for act in (date_changes.cancel_date, date_changes.restore_date):
                    act(session, VISITOR, one, WEEKLY.dtstart_local, now=NOW)
                    session.commit()
                    kept_lines.write_stale(sessionmaker(engine).begin, NAMES, now=NOW)
                return 2

            return best_rate(change)

    return Line(
        f"a change and its lines in a group of {LARGE:,}",
        rate(groups[LARGE]),
        "in a group of one",
        rate(groups[1]),
        0.7,
    )


def _polled(engine: Engine, site: Site) -> Line:
    """10,000 personal calendars, each fetched once, packed: what the web processes hold at the end and after most."""
    tokens = [f"bench-{number:040d}" for number in range(MANY)]
    with Session(engine) as session:
        account_id = session.scalars(select(Account.id).where(Account.login == "charlene")).one()
        session.execute(insert(CalendarFeed), [_feed(account_id, token) for token in tokens])
        session.commit()
    address, held = Address(site.host, site.port), []
    begun = time.perf_counter()
    for first in range(0, MANY, MANY // 10):
        asyncio.run(fetch_all(address, [f"/calendar/{token}.ics" for token in tokens[first : first + MANY // 10]]))
        held.append(_memory(site.server))
    rate = MANY / (time.perf_counter() - begun)
    print(f"     {MANY:,} personal calendars, each fetched once: {rate:,.0f}/s")
    return Line(f"memory after {MANY * 7 // 10:,} calendars", held[6], f"after {MANY:,}", held[-1], 0.98, unit=" MiB")


def _feed(account_id: UUID, token: str) -> dict[str, object]:
    made = feeds.draft(account_id, now=NOW)
    names = [one.key for one in inspect(CalendarFeed).column_attrs]
    values = {name: getattr(made, name) for name in names if getattr(made, name) is not None}
    return values | {"token_hash": hashlib.sha256(token.encode()).digest(), "name": "", "calendar_tag": ""}


def _memory(process: int) -> float:
    """MiB that the server and its workers hold."""
    pages = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parts = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if process in {int(entry.name), int(parts[1])}:
                    pages += int(parts[21])
            except OSError:
                continue
    return pages * 4096 / 1024 / 1024
