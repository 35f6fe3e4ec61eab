"""Reads groups, formats and people of a group file."""

from groupsite.domain.meeting_format import Outside, Segment
from groupsite.domain.sharing import LONGEST_LINE, LONGEST_TOPIC, Sharing
from groupsite.domain.words import Attendance, Family, HolidayPolicy, Joining, ListingState, PositionStatus
from groupsite.formats.group_file_series import MAX_NAME, WEEKDAYS, read_series
from groupsite.formats.group_file_values import (
    Channel,
    Enrolment,
    FormatRecord,
    GroupRecord,
    PersonaRecord,
    PositionRecord,
    RemindersRecord,
)
from groupsite.formats.json_fields import Fields
from groupsite.formats.json_values import (
    ADDRESS,
    DATE,
    EMAIL,
    FLAG,
    LOCALE,
    SLUG,
    TIME,
    TOKEN,
    ZONE,
    text,
    whole,
    word,
)

MAX_SERIES = 40
MAX_POSITIONS = 60
MAX_SEGMENTS = 60
_NAME = text(MAX_NAME)
_SHORT = text(60)
_PARAGRAPH = text(2000, lines=True)
_MINUTES_A_WEEK = whole(0, 7 * 24 * 60)
_LEAD_MINUTES = whole(0, 30 * 24 * 60)
_COUNT = whole(1, 10_000)


def read_group(fields: Fields) -> GroupRecord:
    """The group at these fields with everything below it."""
    group = GroupRecord(
        slug=fields.need("slug", ADDRESS),
        name=fields.need("name", _NAME),
        family=fields.need("family", word(Family)),
        attendance=fields.need("attendance", word(Attendance)),
        listing_state=fields.need("listing_state", word(ListingState)),
        locale=fields.given("locale", LOCALE, "en"),
        city=fields.given("city", text(MAX_NAME), ""),
        summary=fields.given("summary", _PARAGRAPH, ""),
        audience=fields.each("audience", _SHORT, 20),
        last_confirmed_on=fields.given("last_confirmed_on", DATE, None),
        meets_on_public_holidays=fields.given("meets_on_public_holidays", word(HolidayPolicy), HolidayPolicy.ASK),
        contact_email=fields.given("contact_email", EMAIL, None),
        arrival_note=fields.given("arrival_note", _PARAGRAPH, ""),
        service_positions=tuple(_position(item) for item in fields.objects("service_positions", MAX_POSITIONS)),
        enrolment=_enrolment(fields.nested("enrolment")),
        joining=fields.given("joining", word(Joining), None),
        sharing=_sharing(fields.nested("sharing")),
        series=tuple(read_series(item) for item in fields.objects("series", MAX_SERIES)),
    )
    fields.finish("edge_cases")
    return group


def _enrolment(fields: Fields | None) -> Enrolment | None:
    if fields is None:
        return None
    enrolment = Enrolment(
        closes_after_occurrence=fields.given("closes_after_occurrence", _COUNT, None),
        capacity=fields.given("capacity", _COUNT, None),
    )
    fields.finish()
    return None if enrolment == Enrolment() else enrolment


def _sharing(fields: Fields | None) -> Sharing | None:
    if fields is None:
        return None
    sharing = Sharing(
        holds_first=fields.given("holds_first", FLAG, default=False),
        nudges=fields.given("nudges", FLAG, default=True),
        own_line=fields.given("own_line", text(LONGEST_LINE), ""),
        topics=_topics(fields.nested("topics")),
    )
    fields.finish()
    return sharing


def _topics(fields: Fields | None) -> tuple[str, ...]:
    if fields is None:
        return ()
    topics = tuple(fields.given(day, text(LONGEST_TOPIC), "") for day in WEEKDAYS)
    fields.finish()
    return topics


def _position(fields: Fields) -> PositionRecord:
    position = PositionRecord(
        title=fields.need("title", _NAME),
        term_months=fields.need("term_months", whole(0, 120)),
        status=fields.need("status", word(PositionStatus)),
        minutes_per_week=fields.need("minutes_per_week", _MINUTES_A_WEEK),
        holder=fields.given("holder", _SHORT, None),
        backup=fields.given("backup", _SHORT, None),
        term_start=fields.given("term_start", DATE, None),
    )
    fields.finish()
    return position


def read_format(fields: Fields) -> FormatRecord:
    """The meeting format at these fields."""
    record = FormatRecord(
        slug=fields.need("slug", SLUG),
        name=fields.need("name", _NAME),
        total_minutes=fields.need("total_minutes", whole(1, 24 * 60)),
        segments=tuple(_segment(item) for item in fields.objects("segments", MAX_SEGMENTS)),
        share_limit_minutes=fields.given("share_limit_minutes", whole(1, 24 * 60), None),
        share_limit_words=fields.given("share_limit_words", whole(1, 100_000), None),
        signal=fields.given("signal", text(200), ""),
    )
    fields.finish()
    return record


def _segment(fields: Fields) -> Segment:
    segment = Segment(
        order=fields.need("order", whole(1, 1000)),
        title=fields.need("title", text(200)),
        minutes=fields.need("minutes", whole(0, 24 * 60)),
        led_by=fields.need("led_by", _NAME),
        note=fields.given("note", text(500, lines=True), ""),
        text_slot=fields.given("text_slot", TOKEN, ""),
        condition=fields.given("condition", TOKEN, ""),
        optional=fields.given("optional", FLAG, default=False),
        outside=fields.given("outside", word(Outside), None),
    )
    fields.finish()
    return segment


def read_persona(fields: Fields) -> PersonaRecord:
    """The person at these fields. `note` describes the demo's story and is never taken in."""
    persona = PersonaRecord(
        handle=fields.need("handle", SLUG),
        display_name=fields.need("display_name", _SHORT),
        timezone=fields.need("timezone", ZONE),
        reminders=_reminders(fields.nested("reminders")),
        memberships=fields.each("memberships", SLUG, 200),
    )
    fields.finish("note")
    return persona


def _reminders(fields: Fields | None) -> RemindersRecord | None:
    if fields is None:
        return None
    quiet = fields.each("quiet_hours", TIME, 2)
    if len(quiet) == 1:
        fields.refuse("quiet_hours", "This must be two times: when the quiet begins and when it ends.")
    reminders = RemindersRecord(
        channel=fields.need("channel", word(Channel)),
        discreet=fields.need("discreet", FLAG),
        lead_minutes=fields.each("lead_minutes", _LEAD_MINUTES, 10),
        quiet_from=quiet[0] if quiet else None,
        quiet_until=quiet[-1] if quiet else None,
        discreet_title=fields.given("discreet_title", _SHORT, ""),
    )
    fields.finish()
    return reminders
