"""What programs make of a member's own calendars and of invites by mail: the same dates, in her words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.answers import Answers
from groupsite.domain.discretion import disclosure
from groupsite.domain.recurrence import occurrences
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Answer, FeedLevel, OccurrenceStatus
from groupsite.formats.calendar_series import CalendarSeries, discreet
from groupsite.formats.ical import CANCELLED_MARK, calendar, series_block
from groupsite.formats.ical_personal import ANSWER_WORDS, Voice, personal_block
from groupsite.formats.imip import Parties, request
from tests.expanders import generated
from tests.expanders.generated import WINDOW
from tests.expanders.icaljs import icaljs
from tests.expanders.libical import libical
from tests.expanders.reading import Date, Expander
from tests.expanders.recurring import recurring
from tests.sample import sample_series

NOW = datetime(2026, 8, 1, tzinfo=UTC)
STAMP = datetime(2026, 7, 20, 8, tzinfo=UTC)
OWN_WORDS = "Tea, with; marks"
PARTIES = Parties("dates+0f8f@dates.invalid", "Dates", "marisol@example.org")
READERS: tuple[Expander, ...] = (icaljs, libical, recurring)
SCHEDULES = [*(one.schedule for one in sample_series()), *map(generated.series, range(40))]


@dataclass(frozen=True)
class Own:
    """One way in which a member has one series in a calendar of hers."""

    schedule: Schedule
    level: FeedLevel
    shows_cancelled: bool
    answers: Mapping[datetime, Answer]

    def written(self) -> bytes:
        words = disclosure(self.level, OWN_WORDS).words
        told = CalendarSeries("public@dates.invalid", self.schedule, 3, NOW, NOW)
        kept = series_block(told if words is None else discreet(told, uid="bare", title=""), now=NOW)
        voice = Voice(
            uid="mine@dates.invalid",
            not_before=STAMP,
            earlier=lambda _original: timedelta(hours=7),
            title=words,
            alarm_minutes=30,
            shows_cancelled=self.shows_cancelled,
            answers=Answers(self.answers),
        )
        zones = [(self.schedule.timezone, self.schedule.dtstart_local.year)]
        return calendar([personal_block(kept, voice)], zones, name="Dates")

    def dates(self) -> Iterator[Date]:
        words = disclosure(self.level, OWN_WORDS).words
        for one in occurrences(self.schedule, *WINDOW):
            title, answer = words or one.title, self.answers.get(one.original_local)
            if one.status is not OccurrenceStatus.CANCELLED:
                said = f"{title} ({ANSWER_WORDS[answer]})" if answer else title
                yield Date(one.start_utc, one.end_utc, False, said)
            elif self.shows_cancelled:
                yield Date(one.start_utc, one.end_utc, True, CANCELLED_MARK + title)


def answers(schedule: Schedule) -> dict[datetime, Answer]:
    """She goes to every fifth date, and not to the one after it; what she said of called-off dates is still known."""
    originals = sorted(one.original_local for one in occurrences(schedule, *WINDOW))
    return dict.fromkeys(originals[::5], Answer.GOING) | dict.fromkeys(originals[1::5], Answer.NOT_THIS_TIME)


def in_window(dates: Iterator[Date]) -> list[Date]:
    return sorted(one for one in dates if WINDOW[0] <= one.start < WINDOW[1])


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("level", FeedLevel)
def test_own_calendar_has_the_dates_of_the_page_in_its_words(level: FeedLevel, read: Expander) -> None:
    owned = [Own(schedule, level, shows, answers(schedule)) for schedule in SCHEDULES for shows in (True, False)]
    found = read([one.written() for one in owned], WINDOW)
    for one, dates in zip(owned, found, strict=True):
        assert dates == in_window(one.dates()), one


@pytest.mark.parametrize("read", READERS)
def test_invite_has_the_dates_that_take_place(read: Expander) -> None:
    series = [CalendarSeries("0f8fad5b@dates.invalid", one, 4, NOW, NOW) for one in SCHEDULES]
    hers = [*series, *(discreet(one, uid="another@dates.invalid", title=OWN_WORDS) for one in series)]
    found = read([request(one, PARTIES, now=NOW) for one in hers], WINDOW)
    for one, dates in zip(hers, found, strict=True):
        assert dates == in_window(Own(one.schedule, FeedLevel.FULL, False, {}).dates()), one
