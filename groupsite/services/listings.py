"""Our listings for other directories: what is public, in the words of the field's format (domain.md, 4.6)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from groupsite.domain.cadence import DAY_CODES
from groupsite.domain.join_info import JoinInfo, public_details
from groupsite.domain.recurrence import next_occurrences
from groupsite.domain.schedule import Occurrence, Schedule
from groupsite.domain.words import Attendance, Kind, Modality, OccurrenceStatus
from groupsite.formats.group_file_values import SeriesRecord
from groupsite.formats.meeting_guide import Listing
from groupsite.models import Group
from groupsite.queries.finder import listed
from groupsite.services.group_files import whole_groups
from groupsite.services.group_records import group_record

LOOKED_AT = 8
"""Dates ahead in which a cancelled one is called out."""
CODES = {
    Kind.NEWCOMERS: "BE",
    Kind.SPEAKER: "SP",
    Kind.STEP_STUDY: "ST",
    Kind.TRADITION_STUDY: "TR",
    Kind.LITERATURE_STUDY: "LIT",
    Kind.MEDITATION: "MED",
    Kind.TOPIC: "D",
    Kind.OPEN_TOPIC: "D",
}
LANGUAGE_CODES = {"en": "EN", "es": "S", "fr": "FR", "de": "DE", "it": "ITA", "pt": "POR", "ru": "RU"}


def listings(session: Session, *, now: datetime) -> list[tuple[Listing, str]]:
    """Every weekly series that may be found, as a listing with its page's path (the format knows weekly meetings only)."""
    found = session.scalars(whole_groups().where(*listed(now.date())).order_by(Group.slug))
    given = []
    for group in found:
        for record in group_record(group).series:
            one = _listing(group, record, now)
            if one is not None:
                given.append((one, f"/groups/{group.slug}"))
    return given


def _listing(group: Group, record: SeriesRecord, now: datetime) -> Listing | None:
    schedule = record.schedule
    parts = dict(part.split("=", 1) for part in (schedule.rrule or "").split(";") if "=" in part)
    is_weekly = parts.get("FREQ") == "WEEKLY" and parts.get("INTERVAL", "1") == "1" and "COUNT" not in parts
    coming = next_occurrences(schedule, now, LOOKED_AT) if is_weekly else []
    if not coming or schedule.modality is Modality.WRITTEN:
        return None
    codes = parts.get("BYDAY", DAY_CODES[schedule.dtstart_local.weekday()]).split(",")
    join = public_details(record.join) or JoinInfo()
    return Listing(
        slug=group.origin_key or f"{group.slug}-{record.slug}",
        name=group.name if schedule.title in group.name else f"{group.name}: {schedule.title}",
        days=tuple(sorted((DAY_CODES.index(code) + 1) % 7 for code in codes)),
        start=time(schedule.dtstart_local.hour, schedule.dtstart_local.minute),
        minutes=schedule.duration_minutes,
        timezone=schedule.timezone,
        types=_codes(group, schedule),
        notes="\n".join(filter(None, (group.summary, *_called_off(coming)))),
        location=schedule.venue.name if schedule.venue else "",
        address=schedule.venue.address if schedule.venue else "",
        url=join.url,
        phone=join.phone,
        updated=group.origin_updated_at or group.changed_at,
    )


def _codes(group: Group, schedule: Schedule) -> tuple[str, ...]:
    """Codes as a directory gave them, or ours: never TC, which says that a venue is closed for good."""
    if group.origin is not None:
        return tuple(group.type_codes)
    language = LANGUAGE_CODES.get(group.locale.partition("-")[0])
    policy = "C" if group.attendance is Attendance.MEMBERS_ONLY else "O"
    return tuple(code for code in (language, policy, CODES.get(schedule.kind)) if code)


def _called_off(coming: Sequence[Occurrence]) -> Iterator[str]:
    """The next cancelled date, because the format has no word for it."""
    off = next((one for one in coming if one.status is OccurrenceStatus.CANCELLED), None)
    if off is not None:
        yield f"Not on {off.original_local:%A} {off.original_local.day} {off.original_local:%B %Y}."
