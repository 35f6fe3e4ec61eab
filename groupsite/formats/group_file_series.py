"""Reads one series of a group file: its rule, its exceptions, the way in."""

from datetime import date, datetime

from groupsite.domain import recurrence
from groupsite.domain.errors import InvalidInput
from groupsite.domain.join_info import DEFAULT_WINDOW_MINUTES, JoinInfo
from groupsite.domain.schedule import Override, Pause, Schedule, Venue
from groupsite.domain.words import Kind, Modality, Notice, OverrideAction, Reveal
from groupsite.formats.group_file_values import SeriesRecord, ShareOpens, ShareWindow
from groupsite.formats.json_fields import Fields
from groupsite.formats.json_values import ADDRESS, DATE, LOCAL, PHONE, SLUG, URL, ZONE, text, whole, word

MAX_NAME = 120
MAX_NOTE = 500
MAX_EXCEPTIONS = 400
MAX_MINUTES = 24 * 60
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

MINUTES = whole(1, MAX_MINUTES)
KIND = word(Kind)
MODALITY = word(Modality)
_NAME = text(MAX_NAME)
_NOTE = text(MAX_NOTE, lines=True)
_CODE = text(120)
_NEEDED_BY = {
    OverrideAction.MOVE: "new_start_local",
    OverrideAction.RELOCATE: "venue",
    OverrideAction.CHANGE_MODALITY: "modality",
}


def read_series(fields: Fields) -> SeriesRecord:
    """The series at these fields. Notes what is wrong with it, the rules of `recurrence.validate` included."""
    before = len(fields.problems.found)
    series = SeriesRecord(
        slug=fields.need("slug", ADDRESS),
        schedule=_schedule(fields),
        format=fields.given("format", SLUG, None),
        join=_join(fields.nested("join")),
        replaces=fields.given("replaces", SLUG, None),
        share_window=_share_window(fields.nested("share_window")),
    )
    fields.finish("expected")
    if len(fields.problems.found) == before:
        _check(series.schedule, fields)
    return series


def _check(schedule: Schedule, fields: Fields) -> None:
    try:
        recurrence.validate(schedule)
    except InvalidInput as error:
        fields.refuse(error.field, error.reason)


def _schedule(fields: Fields) -> Schedule:
    return Schedule(
        timezone=fields.need("timezone", ZONE),
        dtstart_local=fields.need("dtstart_local", LOCAL),
        duration_minutes=fields.need("duration_minutes", MINUTES),
        rrule=fields.given("rrule", text(500), None),
        title=fields.need("title", _NAME),
        kind=fields.need("kind", KIND),
        modality=fields.need("modality", MODALITY),
        venue=_venue(fields.nested("venue")),
        exdates_local=fields.each("exdates_local", LOCAL, MAX_EXCEPTIONS),
        rdates_local=fields.each("rdates_local", LOCAL, MAX_EXCEPTIONS),
        pauses=tuple(_pause(item) for item in fields.objects("pauses", MAX_EXCEPTIONS)),
        overrides=tuple(_override(item) for item in fields.objects("overrides", MAX_EXCEPTIONS)),
        kind_by_week_of_month=_kinds(fields, "kind_by_week_of_month", {str(week): week for week in range(1, 6)}),
        kind_by_weekday=_kinds(fields, "kind_by_weekday", {day: index for index, day in enumerate(WEEKDAYS)}),
    )


def _kinds(fields: Fields, key: str, known: dict[str, int]) -> dict[int, Kind]:
    kinds = {}
    for name, value in fields.entries(key).items():
        if name in known:
            kinds[known[name]] = fields.parsed(f"{key}.{name}", value, KIND)
        else:
            fields.refuse(key, f"Its keys must be among {', '.join(known)}.")
    return kinds


def _venue(fields: Fields | None) -> Venue | None:
    if fields is None:
        return None
    venue = Venue(
        name=fields.need("name", text(200)),
        address=fields.given("address", text(300), ""),
        access_notes=fields.given("access_notes", text(1000, lines=True), ""),
    )
    fields.finish()
    return venue


def _join(fields: Fields | None) -> JoinInfo | None:
    if fields is None:
        return None
    join = JoinInfo(
        url=fields.given("url", URL, ""),
        phone=fields.given("phone", PHONE, ""),
        passcode=fields.given("passcode", _CODE, ""),
        access_code=fields.given("access_code", _CODE, ""),
        reveal=fields.given("reveal", word(Reveal), Reveal.MEMBERS),
        window_minutes=fields.given("window_minutes", MINUTES, DEFAULT_WINDOW_MINUTES),
    )
    fields.finish()
    return None if join.is_empty else join


def _share_window(fields: Fields | None) -> ShareWindow | None:
    if fields is None:
        return None
    window = ShareWindow(
        stays_readable_days=fields.need("stays_readable_days", whole(1, 30)),
        opens=fields.given("opens", word(ShareOpens), ShareOpens.OCCURRENCE_START),
    )
    fields.finish()
    return window


def _pause(fields: Fields) -> Pause:
    pause = Pause(
        first_date=fields.need("first_date", DATE),
        last_date=fields.need("last_date", DATE),
        public_note=fields.given("public_note", _NOTE, ""),
    )
    fields.finish()
    if pause.last_date < pause.first_date:
        fields.refuse("last_date", "The last date lies before the first.")
    return pause


def _override(fields: Fields) -> Override:
    recurrence_id, first, last = _target(fields)
    override = Override(
        action=fields.need("action", word(OverrideAction)),
        recurrence_id_local=recurrence_id,
        first_date=first,
        last_date=last,
        notice=fields.given("notice", word(Notice), Notice.PLANNED),
        public_note=fields.given("public_note", _NOTE, ""),
        new_start_local=fields.given("new_start_local", LOCAL, None),
        duration_minutes=fields.given("duration_minutes", MINUTES, None),
        title=fields.given("title", _NAME, None),
        kind=fields.given("kind", KIND, None),
        modality=fields.given("modality", MODALITY, None),
        venue=_venue(fields.nested("venue")),
        decided_local=fields.given("decided_local", LOCAL, None),
    )
    fields.finish()
    needed = _NEEDED_BY.get(override.action)
    if needed and fields.raw(needed) is None:
        fields.refuse(needed, f"This is missing; the action {override.action} needs it.")
    return override


def _target(fields: Fields) -> tuple[datetime | None, date | None, date | None]:
    """Exactly one of a single date and a range."""
    recurrence_id = fields.given("recurrence_id_local", LOCAL, None)
    span = fields.each("range_local", DATE, 2)
    if (recurrence_id is None) == (not span):
        fields.refuse("recurrence_id_local", "Name either one date here or a first and last date under range_local.")
    if span and (len(span) != 2 or span[1] < span[0]):  # noqa: PLR2004  # first and last
        fields.refuse("range_local", "This must be a first and a last date, the first one not after the last.")
    return (recurrence_id, span[0], span[-1]) if span else (recurrence_id, None, None)
