"""Calendars as the common programs export them, as series."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from groupsite.domain.errors import InvalidInput
from groupsite.domain.recurrence import next_occurrences
from groupsite.domain.schedule import Override, Schedule, Venue
from groupsite.domain.words import Modality, OccurrenceStatus, OverrideAction, Reveal
from groupsite.formats.ical_import import ForeignCalendar, ForeignSeries, read_calendar
from groupsite.formats.ical_import_lines import ALARMS, FILES, OTHERS, PEOPLE
from tests.bombs import NOW, calendar, event

IMPORTS = Path(__file__).parents[2] / "data" / "imports"
CHRISTMAS = datetime(2026, 12, 25, 19, 30)


def read(name: str, timezone: str = "America/New_York") -> ForeignCalendar:
    return read_calendar((IMPORTS / f"{name}.ics").read_bytes(), timezone, now=NOW)


def one(*lines: str, timezone: str = "America/New_York") -> ForeignSeries:
    (found,) = read_calendar(calendar(event(*lines)), timezone, now=NOW).series
    return found


def bare(*lines: str, timezone: str = "America/New_York") -> ForeignSeries:
    """One event with these lines alone."""
    content = calendar("\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"]))
    (found,) = read_calendar(content, timezone, now=NOW).series
    return found


def schedule(series: ForeignSeries) -> Schedule:
    assert series.draft, series.reason
    return series.draft.schedule


def dates(series: ForeignSeries, count: int = 4) -> list[str]:
    """Next dates as clocks in the zone of the series show them; a cancelled one is marked."""
    return [
        f"{date.start_local:%m-%d %H:%M}{' off' if date.status is OccurrenceStatus.CANCELLED else ''}"
        for date in next_occurrences(schedule(series), NOW, count)
    ]


def test_google_file_is_one_series_with_its_changes() -> None:
    found = read("google")
    (series,) = found.series
    assert found.notes == (PEOPLE, ALARMS, "Single dates that are over are left out.")
    assert dates(series, 6) == [
        "11-24 19:00",
        "12-01 19:00",
        "12-08 19:00",
        "12-16 18:00",
        "12-29 19:00",
        "01-05 19:00",
    ]
    assert schedule(series).venue == Venue("Harbour House", "12 Quay Street, Portland")
    assert (schedule(series).modality, schedule(series).timezone) == (Modality.HYBRID, "America/New_York")
    assert series.notes == (
        "Dates that were over long ago are left behind.",
        "It has a link. Only members of the group will see it.",
    )


def test_link_is_for_members_alone() -> None:
    draft = read("google").series[0].draft
    assert draft
    assert draft.join
    assert (draft.join.url, draft.join.reveal) == ("https://meet.google.com/abc-defg-hij", Reveal.MEMBERS)


def test_apple_file_moves_renames_and_relocates_a_date() -> None:
    quiet_hour, service_day = read("apple").series
    assert dates(quiet_hour) == ["11-27 19:30", "12-18 19:30", "01-29 19:30", "02-26 19:30"]
    assert schedule(quiet_hour).overrides == (
        Override(OverrideAction.MOVE, CHRISTMAS, new_start_local=datetime(2026, 12, 18, 19, 30)),
        Override(OverrideAction.RELOCATE, CHRISTMAS, venue=Venue("Chapel Hall", "9 Mill Lane, Leeds")),
        Override(OverrideAction.RETITLE, CHRISTMAS, title="Winter evening"),
    )
    assert schedule(quiet_hour).duration_minutes == 75
    assert service_day.reason == "It takes whole days and has no hour. Add it by hand and give its hour."


def test_outlook_file_names_its_zone_as_windows_does() -> None:
    (series,) = read("outlook").series
    assert schedule(series).timezone == "Europe/Berlin"
    assert dates(series) == ["12-01 19:00", "02-02 19:30", "03-02 19:00", "04-06 19:00"]
    assert (schedule(series).modality, schedule(series).venue) == (Modality.ONLINE, None)
    assert series.draft
    assert series.draft.join
    assert series.draft.join.url.startswith("https://teams.microsoft.com/l/meetup-join/19%3ameeting_Example")


def test_thunderbird_file_names_its_zone_by_a_path() -> None:
    (series,) = read("thunderbird").series
    assert schedule(series).timezone == "Europe/London"
    assert dates(series, 3) == ["11-28 10:30", "12-12 10:30 off", "01-09 10:30"]
    assert read("thunderbird").notes == (OTHERS,)


def test_nextcloud_file_has_what_cannot_be_said_here() -> None:
    changed_for_good, in_utc, floating = read("nextcloud").series
    assert "this and future" in changed_for_good.reason
    assert dates(in_utc) == ["11-25 20:00", "12-02 20:00", "12-09 20:00", "12-16 20:00"]
    assert schedule(in_utc).rrule == "FREQ=WEEKLY;BYDAY=WE"
    assert in_utc.notes[0].startswith("The file keeps its hour in UTC")
    assert floating.notes[:2] == (
        "It names no time zone. Its hours are taken as New York time.",
        "It is marked private in the file. Everybody can read here what you bring in.",
    )


@pytest.mark.parametrize("name", ["google", "outlook", "apple", "thunderbird", "nextcloud"])
def test_words_about_people_are_not_taken(name: str) -> None:
    assert "canary" not in repr([(series.title, series.notes, series.draft) for series in read(name).series]).lower()


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("Eastern Standard Time", "America/New_York"),
        ("/citadel.org/20210210_1/America/Argentina/Salta", "America/Argentina/Salta"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("UTC", "Asia/Tokyo"),
        ("Mars/Olympus", "Asia/Tokyo"),
        ("Customized Time Zone", "Asia/Tokyo"),
    ],
)
def test_zone_is_found_by_its_many_names(zone: str, meant: str) -> None:
    found = bare(f"DTSTART;TZID={zone}:20261201T190000", "RRULE:FREQ=WEEKLY", timezone="Asia/Tokyo")
    assert schedule(found).timezone == meant


def test_unknown_zone_is_said() -> None:
    found = bare("DTSTART;TZID=Mars/Olympus:20261201T190000", "DURATION:PT1H", "SUMMARY:x", "LOCATION:Hall")
    assert found.notes == ("We do not know its time zone. Its hours are taken as New York time.",)


def test_zone_is_known_by_the_place_beside_it() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nX-LIC-LOCATION:Asia/Kolkata\r\nEND:VTIMEZONE"
    lines = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Ours:20261201T190000\r\nEND:VEVENT"
    (found,) = read_calendar(calendar(zone, lines), "UTC", now=NOW).series
    assert schedule(found).timezone == "Asia/Kolkata"


def test_zone_of_the_form_must_be_known() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_calendar(calendar(event()), "Mars/Olympus", now=NOW)
    assert refused.value.field == "timezone"


def test_rule_in_utc_keeps_its_days_its_end_and_its_exceptions() -> None:
    """01:00 UTC on Thursdays is Wednesday evening in New York, at 20:00 in winter; the clocks change on 14 March."""
    found = bare(
        "DTSTART:20270225T010000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TH;WKST=SU;UNTIL=20270401T010000Z",
        "EXDATE:20270318T010000Z")  # fmt: skip
    assert schedule(found).rrule == "FREQ=WEEKLY;BYDAY=WE;WKST=SA;UNTIL=20270331T200000"
    assert dates(found, 9) == ["02-24 20:00", "03-03 20:00", "03-10 20:00", "03-24 20:00", "03-31 20:00"]


def test_start_that_the_rule_does_not_give_is_a_date_and_counts() -> None:
    found = one("RRULE:FREQ=WEEKLY;BYDAY=SA;COUNT=3")
    assert dates(found, 9) == ["12-01 19:00", "12-05 19:00", "12-12 19:00"]


def test_long_series_starts_lately_and_keeps_its_turn_and_count() -> None:
    found = bare("DTSTART;TZID=Europe/London:20240102T190000", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=80")
    assert dates(found, 3) == ["12-01 19:00", "12-15 19:00", "12-29 19:00"]
    assert schedule(found).rrule == "FREQ=WEEKLY;INTERVAL=2;COUNT=11"
    assert len(dates(found, 99)) == 4


def test_long_count_becomes_an_end_by_date() -> None:
    assert schedule(one("RRULE:FREQ=WEEKLY;COUNT=101")).rrule == "FREQ=WEEKLY;UNTIL=20281031T190000"
    assert schedule(one("RRULE:FREQ=WEEKLY;COUNT=100")).rrule == "FREQ=WEEKLY;COUNT=100"


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["DURATION:PT90M"], 90),
        (["DURATION:P1D"], 24 * 60),
        (["DTEND;TZID=Europe/London:20261201T203000"], 90),
        (["DTEND:20261201T203000Z"], 90),
        (["DTEND;TZID=Europe/Berlin:20261201T213000"], 90),
        ([], 60),
        (["DTEND;TZID=Europe/London:20261201T190000"], 60),
        (["DTEND;VALUE=DATE:20261202"], 60),
        (["DURATION:-PT1H"], 60),
        (["DURATION:soon"], 60),
    ],
)
def test_length_is_read_or_the_usual_one(lines: list[str], end: int) -> None:
    assert schedule(bare("DTSTART;TZID=Europe/London:20261201T190000", *lines)).duration_minutes == end


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["DTSTART;TZID=Europe/London:20261201T190030"], "Meetings begin on a whole minute."),
        (["DTSTART;TZID=Europe/London:20261201T190000", "DURATION:PT25H"], "A meeting lasts from 1 minute to 24 hours."),
        (["DTSTART:99991231T235959"], "Dates lie between 1970 and 2199."),
        (["DTSTART:tomorrow"], "One of its dates cannot be read."),
        ([], "It has no start."),
        (["DTSTART:20261201T190000", "STATUS:CANCELLED"], "It is cancelled in the file."),
        (["DTSTART:20261201T190000", "RRULE:FREQ=DAILY;UNTIL=20261001"],
         "No date matches this rule within ten years of the start."),
        (["DTSTART:20261121T190000"], "All its dates are over."),
        (["DTSTART:20250107T190000", "RRULE:FREQ=WEEKLY;COUNT=10"], "All its dates are over."),
    ],
)  # fmt: skip
def test_event_that_cannot_be_a_meeting_is_refused(lines: list[str], reason: str) -> None:
    found = bare(*lines)
    assert (found.draft, found.reason) == (None, reason)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=HOURLY", "by the hour or faster"),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", "picks single days"),
        ("FREQ=DAILY;BYMONTHDAY=1", "picks single days"),
        ("FREQ=YEARLY;BYWEEKNO=20", "another part"),
        ("FREQ=WEEKLY;BYHOUR=9,19", "another part"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20270101", "by COUNT or by UNTIL"),
        ("FREQ=WEEKLY;FREQ=DAILY", "there twice"),
        ("FREQ=WEEKLY\r\nRRULE:FREQ=MONTHLY", "several rules"),
        ("FREQ=WEEKLY\r\nEXRULE:FREQ=MONTHLY", "EXRULE"),
        ("FREQ=WEEKLY;BYDAY=" + "MO," * 300, "longer than any"),
        ("nonsense", "another part"),
    ],
)
def test_rule_that_the_house_does_not_take_is_refused(rule: str, words: str) -> None:
    found = one(f"RRULE:{rule}")
    assert (found.draft, words in found.reason) == (None, True), found.reason


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=19;BYMINUTE=0;BYSECOND=0", "FREQ=WEEKLY;BYDAY=TU"),
        ("freq=weekly; byday=tu;", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", "FREQ=WEEKLY"),
    ],
)
def test_rule_is_written_as_the_house_does(written: str, kept: str) -> None:
    assert schedule(one(f"RRULE:{written}")).rrule == kept


def test_single_dates_without_their_series_are_refused() -> None:
    assert one("RECURRENCE-ID;TZID=Europe/London:20261201T190000").reason.startswith(
        "The file has single dates of it only"
    )


def test_attached_files_are_said() -> None:
    assert read_calendar(calendar(event("ATTACH:https://example.org/a.pdf")), "UTC", now=NOW).notes == (FILES,)


@pytest.mark.parametrize("method", ["REPLY", "CANCEL", "COUNTER"])
def test_message_about_a_meeting_is_refused(method: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_calendar(calendar(f"METHOD:{method}", event()), "UTC", now=NOW)
    assert refused.value.reason.startswith("This is an answer or a cancellation")


def test_file_that_stops_in_the_middle_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_calendar(calendar(event())[:-15], "UTC", now=datetime(2026, 11, 24, tzinfo=UTC))
    assert refused.value.reason.startswith("The file stops in the middle")
