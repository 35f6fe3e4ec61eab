"""Series of a foreign calendar file: what would come of each, and the chosen ones brought into a group, each once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.cadence import describe
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import InvalidInput
from groupsite.domain.permissions import Identity
from groupsite.domain.schedule import Occurrence
from groupsite.formats.ical_import import ForeignSeries, read_calendar
from groupsite.models import Group, MeetingSeries
from groupsite.services import series as meetings
from groupsite.services.publishing import hold_group

NEXT_DATES = 10
HERE = "It is already here. Nothing is brought in twice."


class Verdict(StrEnum):
    NEW = "new"
    HERE = "already here"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What becomes of one series of the file. Only a new one has a draft, a sentence and dates; the others have a reason.

    `key` stands for the series on the page and in the table: a hash that says nothing of its UID.
    """

    key: str
    title: str
    verdict: Verdict
    reason: str = ""
    notes: tuple[str, ...] = ()
    draft: SeriesDraft | None = None
    sentence: str = ""
    dates: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every series of the file in its order. `notes` are about the whole file."""

    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...]

    @property
    def new(self) -> list[Proposal]:
        return [one for one in self.proposals if one.verdict is Verdict.NEW]

    @property
    def others(self) -> list[Proposal]:
        return [one for one in self.proposals if one.verdict is not Verdict.NEW]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the group has: hashes of what was brought in, its own UIDs in hex, titles in small letters."""

    hashes: Collection[str]
    uids: Collection[str]
    titles: Mapping[str, str]


def plan(session: Session, group: Group, content: bytes, timezone: str, *, now: datetime) -> Plan:
    """What would come of the file; nothing is stored. `timezone` is for hours that name none. Raises InvalidInput."""
    found = read_calendar(content, timezone, now=now)
    known = _known(session, group.id)
    return Plan(tuple(_proposal(one, group.id, known, now) for one in found.series), found.notes)


def bring_in(
    session: Session, actor: Identity, group: Group, planned: Plan, chosen: Collection[str], *, now: datetime
) -> list[MeetingSeries]:
    """Store the chosen series (by their keys), each once, whoever else does the same now.

    Raises InvalidInput when none of them is new.
    """
    hold_group(session, group)
    hashes = _known(session, group.id).hashes
    wanted = [one for one in planned.new if one.key in chosen and one.key not in hashes]
    if not wanted:
        raise InvalidInput("chosen", "Tick at least one meeting that is not here yet.")
    return [
        meetings.create_series(session, actor, group, one.draft, source_hash=one.key, now=now)
        for one in wanted
        if one.draft
    ]


def source_hash(group_id: UUID, uid: str) -> str:
    """What is kept of a foreign UID: it tells whether the same series comes again, and matches in no other group."""
    return sha256(group_id.bytes + uid.encode()).hexdigest()


def _known(session: Session, group_id: UUID) -> _Known:
    rows = session.execute(
        select(MeetingSeries.source_hash, MeetingSeries.uid, MeetingSeries.title).where(
            MeetingSeries.group_id == group_id
        )
    ).all()
    return _Known(
        hashes={row.source_hash for row in rows if row.source_hash},
        uids={row.uid.hex for row in rows},
        titles={row.title.casefold(): row.title for row in rows},
    )


def _proposal(found: ForeignSeries, group_id: UUID, known: _Known, now: datetime) -> Proposal:
    key = source_hash(group_id, found.uid)
    if key in known.hashes or found.uid.partition("@")[0] in known.uids:
        return Proposal(key, found.title, Verdict.HERE, HERE)
    if found.draft is None:
        return Proposal(key, found.title, Verdict.REFUSED, found.reason)
    schedule = found.draft.schedule
    return Proposal(
        key=key,
        title=found.title,
        verdict=Verdict.NEW,
        notes=(*_same_name(found.title, known), *found.notes),
        draft=found.draft,
        sentence=describe(schedule),
        dates=tuple(meetings.preview(schedule, now=now, count=NEXT_DATES)),
    )


def _same_name(title: str, known: _Known) -> tuple[str, ...]:
    own = known.titles.get(title.casefold())
    return (f"The group already has a meeting with the name “{own}”. Is this another one?",) if own else ()
