"""What a facilitator fills in about a series as a whole: its words, when it meets, how often."""

from datetime import date, datetime, time
from typing import Self

from wtforms import DateField, Field, TimeField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from groupsite.domain.cadence import DAYS, Cadence, Repeats, align_start, cadence_of, to_rrule
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.rules import END_OF_TIME, parse_rule
from groupsite.domain.schedule import Schedule
from groupsite.domain.words import Kind, Modality
from groupsite.models import MeetingSeries
from groupsite.web.forms.answers import answer, numbers, text
from groupsite.web.forms.choices import (
    one_of,
    several_of,
)
from groupsite.web.forms.conditions import OnlyWith
from groupsite.web.forms.local_times import Moments, Sensible, moments
from groupsite.web.forms.quantities import whole
from groupsite.web.forms.series_words import WordsForm, words_in
from groupsite.web.forms.texts import paragraphs
from groupsite.web.forms.zones import which_zone

CADENCES = {
    Repeats.WEEKLY: "Every week, or every few weeks",
    Repeats.MONTHLY: "In certain weeks of the month",
    Repeats.ONCE: "Once",
}
WEEKS_OF_MONTH = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "5": "Fifth", "-1": "Last"}
WEEKDAYS = {str(number): name for number, name in enumerate(DAYS)}
ENDS = {"never": "It goes on", "until": "After a certain day", "count": "After a certain number of dates"}
MOST_MINUTES = 24 * 60
MOST_WEEKS = 52
MOST_DATES = 1000


class SeriesForm(WordsForm):
    """One meeting series. `draft` is what it asks for."""

    timezone = which_zone()
    first_date = DateField("First date", [DataRequired("Please give the first date."), Sensible()])
    start_time = TimeField("Start", [InputRequired("Please give the hour at which it starts.")])
    duration_minutes = whole(
        "Length in minutes", 5, MOST_MINUTES, "minutes", needed="Please say how long it lasts.", default=90
    )

    cadence = one_of("How often?", CADENCES, default=Repeats.WEEKLY)
    interval = whole(
        "Weeks from one to the next",
        1,
        MOST_WEEKS,
        "weeks",
        first=OnlyWith("cadence", Repeats.WEEKLY, needed="Please say every how many weeks; 1 is every week."),
        default=1,
    )
    weeks_of_month = several_of("Which weeks of the month?", WEEKS_OF_MONTH)
    weekdays = several_of("On which days?", WEEKDAYS)
    ends = one_of("How long does it go on?", ENDS, default="never")
    until = DateField("Last day", [OnlyWith("ends", "until", needed="Please give the last day."), Sensible()])
    count = whole(
        "Number of dates",
        1,
        MOST_DATES,
        "dates",
        first=OnlyWith("ends", "count", needed="Please say how many dates there are."),
    )
    extra_dates = paragraphs("Extra dates", longest=3000, also=[Moments()])
    skipped_dates = paragraphs("Dates left out", longest=3000, also=[Moments()])

    def validate_weeks_of_month(self, field: Field) -> None:
        if self.cadence.data == Repeats.MONTHLY and not field.data:
            raise ValidationError("Please tick at least one week.")

    def validate_until(self, field: Field) -> None:
        if field.data and self.first_date.data and field.data < self.first_date.data:
            raise ValidationError("The last day comes before the first date.")

    def draft(self) -> SeriesDraft:
        """What the validated answers ask for. Raises InvalidInput when no date follows from them."""
        timezone = text(self.timezone)
        first = datetime.combine(answer(self.first_date, date), self._usual_time)
        rrule = to_rrule(self.cadence_asked, first, timezone)
        schedule = Schedule(
            timezone=timezone,
            dtstart_local=align_start(rrule, first, timezone),
            duration_minutes=answer(self.duration_minutes, int),
            rrule=rrule,
            title=text(self.title),
            kind=Kind(self.kind.data),
            modality=Modality(self.modality.data),
            venue=self.venue,
            rdates_local=self._moments_in(self.extra_dates),
            exdates_local=self._moments_in(self.skipped_dates),
        )
        return SeriesDraft(schedule, self.join)

    @property
    def cadence_asked(self) -> Cadence:
        return Cadence(
            repeats=Repeats(self.cadence.data),
            weekdays=numbers(self.weekdays),
            interval=answer(self.interval, int) if self.cadence.data == Repeats.WEEKLY else 1,
            weeks_of_month=numbers(self.weeks_of_month),
            until=self.until.data if self.ends.data == "until" else None,
            count=self.count.data if self.ends.data == "count" else None,
        )

    @classmethod
    def like(cls, meeting: MeetingSeries, first: date) -> Self:
        """The form as it would have been filled in for this meeting, with another first date and what is left of its end."""
        cadence = cadence_of(meeting.schedule) or Cadence(Repeats.WEEKLY)
        when = {
            "timezone": meeting.timezone, "first_date": first, "start_time": meeting.dtstart_local.time(),
            "duration_minutes": meeting.duration_minutes, "cadence": cadence.repeats, "interval": cadence.interval,
            "weeks_of_month": [str(week) for week in cadence.weeks_of_month],
            "weekdays": [str(day) for day in cadence.weekdays],
        }  # fmt: skip
        when |= _end_of(meeting.schedule, first)
        words = words_in(meeting.title, meeting.kind, meeting.modality, meeting.venue, meeting.join)
        return cls(formdata=None, data=words | when)

    def _moments_in(self, field: Field) -> tuple[datetime, ...]:
        return tuple(moments(text(field), self._usual_time))

    @property
    def _usual_time(self) -> time:
        return answer(self.start_time, time)


def _end_of(schedule: Schedule, first: date) -> dict[str, object]:
    """The answers on how long it goes on, from this day: a series of twelve dates stays one."""
    if schedule.rrule is None:
        return {}
    rule = parse_rule(schedule.rrule, schedule.timezone)
    if rule.until is not None:
        return {"ends": "until", "until": rule.until.date()}
    if "COUNT" not in rule.parts:
        return {"ends": "never"}
    left = rule.between(schedule.dtstart_local, datetime.combine(first, time.min), END_OF_TIME)
    return {"ends": "count", "count": sum(1 for _ in left)}
