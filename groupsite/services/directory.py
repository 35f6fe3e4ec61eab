"""Listings taken from a directory's file.

A listing from a directory has no members and nobody here looks after it; it says where it comes from. Importing the same
file again changes nothing; a meeting that is no longer in the file is reported and stays.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.cadence import DAY_CODES
from groupsite.domain.join_info import JoinInfo
from groupsite.domain.permissions import Identity
from groupsite.domain.schedule import Schedule, Venue
from groupsite.domain.slugs import free_slug, slug_of
from groupsite.domain.words import Attendance, Family, Kind, ListingState, Modality, Reveal
from groupsite.formats.group_file_values import GroupRecord, SeriesRecord
from groupsite.formats.meeting_guide import Entry, Listing
from groupsite.models import Group
from groupsite.services import group_files
from groupsite.services.group_files import whole_groups
from groupsite.services.publishing import hold_all

ORIGIN = "meeting-guide"
BEGAN = datetime(2024, 1, 1)  # noqa: DTZ001  wall clock
"""A listing says no first date: its series begins with the first such weekday of that year, the same at each import."""
KINDS = {"BE": Kind.NEWCOMERS, "SP": Kind.SPEAKER, "ST": Kind.STEP_STUDY, "TR": Kind.TRADITION_STUDY,
         "LIT": Kind.LITERATURE_STUDY, "MED": Kind.MEDITATION, "D": Kind.TOPIC}  # fmt: skip
AUDIENCES = {"W": "women", "M": "men", "LGBTQ": "LGBTQ+", "Y": "young adults"}
LANGUAGES = {
    "EN": "en",
    "S": "es",
    "FR": "fr",
    "DE": "de",
    "ITA": "it",
    "POR": "pt",
    "RU": "ru",
    "UK": "uk",
    "FA": "fa",
}


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"
    REFUSED = "refused"
    GONE = "no longer in the file"


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one meeting, with whole sentences on what was changed or why it was refused."""

    slug: str
    name: str
    verdict: Verdict
    notes: tuple[str, ...] = ()


def bring_in(session: Session, actor: Identity, entries: list[Entry], *, now: datetime) -> list[Line]:
    """Store what can be a listing; one line for each record of the file, then one for each that the file lost."""
    hold_all(session, Group.origin == ORIGIN)
    known = {group.origin_key: group for group in session.scalars(whole_groups().where(Group.origin == ORIGIN))}
    taken = set(session.scalars(select(Group.slug)))
    lines = []
    for entry in entries:
        if entry.listing is None:
            lines.append(Line(entry.slug, entry.name, Verdict.REFUSED, (entry.refusal,)))
            continue
        verdict = _bring_one(session, actor, entry.listing, known.pop(entry.listing.slug, None), taken, now=now)
        lines.append(Line(entry.slug, entry.name, verdict, entry.changes))
    return lines + [
        Line(key or "", group.name, Verdict.GONE, ("It stays until you decide.",)) for key, group in known.items()
    ]


def _bring_one(
    session: Session, actor: Identity, listing: Listing, group: Group | None, taken: set[str], *, now: datetime
) -> Verdict:
    slug = group.slug if group else free_slug(slug_of(listing.slug, "listing"), taken)
    taken.add(slug)
    loaded = group_files.bring(session, actor, _record(listing, slug), group, [], now=now)
    stored = group or session.scalars(select(Group).where(Group.slug == slug)).one()
    is_other = stored.type_codes != list(listing.types) or stored.origin_updated_at != listing.updated
    stored.origin, stored.origin_key = ORIGIN, listing.slug
    stored.origin_updated_at, stored.type_codes = listing.updated, list(listing.types)
    session.flush()
    if loaded.outcome is group_files.Outcome.SAME and is_other:
        return Verdict.CHANGED
    return Verdict(loaded.outcome.value)


def _record(listing: Listing, slug: str) -> GroupRecord:
    """A listing as a group with one series; its way in is public, as it was in the directory."""
    return GroupRecord(
        slug=slug,
        name=listing.name,
        family=Family.INDEPENDENT,
        attendance=Attendance.MEMBERS_ONLY if "C" in listing.types else Attendance.OBSERVERS_WELCOME,
        listing_state=ListingState.ACTIVE,
        locale=next((LANGUAGES[code] for code in listing.types if code in LANGUAGES), "en"),
        summary=listing.notes,
        audience=tuple(AUDIENCES[code] for code in listing.types if code in AUDIENCES),
        arrival_note=listing.way_in_notes,
        series=(SeriesRecord(slug="main", schedule=_schedule(listing), join=_join(listing)),),
    )


def _join(listing: Listing) -> JoinInfo | None:
    join = JoinInfo(url=listing.url, phone=listing.phone, reveal=Reveal.PUBLIC)
    return None if join.is_empty else join


def _schedule(listing: Listing) -> Schedule:
    days = sorted((day - 1) % 7 for day in listing.days)
    first = min(BEGAN + timedelta(days=(day - BEGAN.weekday()) % 7) for day in days)
    return Schedule(
        timezone=listing.timezone,
        dtstart_local=datetime.combine(first.date(), listing.start),
        duration_minutes=listing.minutes,
        rrule=f"FREQ=WEEKLY;BYDAY={','.join(DAY_CODES[day] for day in days)}",
        title=listing.name,
        kind=next((KINDS[code] for code in listing.types if code in KINDS), Kind.SHARING),
        modality=_modality(listing),
        venue=Venue(listing.location or listing.address, listing.address)
        if listing.location or listing.address
        else None,
    )


def _modality(listing: Listing) -> Modality:
    is_somewhere = bool(listing.location or listing.address)
    if listing.url:
        return Modality.HYBRID if is_somewhere else Modality.ONLINE
    if listing.phone and not is_somewhere:
        return Modality.PHONE
    return Modality.IN_PERSON if is_somewhere else Modality.ONLINE
