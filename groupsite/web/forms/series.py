"""What a facilitator fills in about a series: what, when, how often, where, and the way in."""

from datetime import date, datetime, time

from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, ValidationError

from groupsite.domain import zones
from groupsite.domain.cadence import DAYS, Cadence, Repeats, align_start, to_rrule
from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import InvalidInput
from groupsite.domain.join_info import DEFAULT_WINDOW_MINUTES, JoinInfo
from groupsite.domain.schedule import Schedule, Venue
from groupsite.domain.words import WITH_A_PLACE, Kind, Modality, Reveal
from groupsite.web.forms.answers import answer, numbers, text
from groupsite.web.forms.choices import (
    KINDS,
    MODALITIES,
    REVEALS,
    one_of,
    option,
    pick,
    several_of,
)
from groupsite.web.forms.conditions import OnlyWith
from groupsite.web.forms.local_times import Moments, Sensible, moments
from groupsite.web.forms.quantities import whole
from groupsite.web.forms.texts import line, paragraphs, secure_link

CADENCES = {
    Repeats.WEEKLY: "Every week, or every few weeks",
    Repeats.MONTHLY: "In certain weeks of the month",
    Repeats.ONCE: "Once",
}
WEEKS_OF_MONTH = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "5": "Fifth", "-1": "Last"}
WEEKDAYS = {str(number): name for number, name in enumerate(DAYS)}
ENDS = {"never": "It goes on", "until": "After a certain day", "count": "After a certain number of dates"}
FROM_ELSEWHERE = (Modality.ONLINE, Modality.HYBRID, Modality.PHONE)
MOST_MINUTES = 24 * 60
MOST_WEEKS = 52
MOST_DATES = 1000
LONGEST_WINDOW = 24 * 60


def _zones() -> list[SelectChoice]:
    """Zones by part of the world, so that the list can be searched by the name of a town."""
    offered = [option("", "Please choose"), option("UTC", "UTC")]
    for name in zones.available_zones():
        region, _, place = name.partition("/")
        if place:
            offered.append(option(name, place.replace("_", " ").replace("/", ", "), region))
    return offered


def _in_a_room() -> OnlyWith:
    return OnlyWith("modality", *WITH_A_PLACE)


def _from_elsewhere() -> OnlyWith:
    return OnlyWith("modality", *FROM_ELSEWHERE)


class SeriesForm(FlaskForm):
    """One meeting series. `draft` is what it asks for."""

    title = line("Name of the meeting", needed="Please give the meeting a name.", longest=80)
    kind = pick("What it is about", KINDS, default=Kind.SHARING)
    modality = one_of("How people meet", MODALITIES, default=Modality.IN_PERSON)

    timezone = SelectField(
        "Time zone", [DataRequired("Please choose a time zone.")], choices=_zones, validate_choice=False
    )
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

    venue_name = line("Name of the place", first=_in_a_room())
    venue_address = line("Address", longest=120, first=_in_a_room())
    venue_access = line("Getting in", longest=300, first=_in_a_room())

    join_url = line("Link", longest=500, first=_from_elsewhere(), also=[secure_link])
    join_passcode = line("Passcode for the link", longest=60, first=_from_elsewhere())
    join_phone = line("Telephone number", longest=40, first=_from_elsewhere())
    join_access_code = line("Code for the telephone", longest=60, first=_from_elsewhere())
    reveal = one_of("Who sees these?", REVEALS, default=Reveal.MEMBERS)
    window_minutes = whole(
        "Minutes before the start",
        0,
        LONGEST_WINDOW,
        "minutes",
        first=OnlyWith("reveal", Reveal.WINDOW, needed="Please say how many minutes before."),
        default=DEFAULT_WINDOW_MINUTES,
    )

    def validate_weeks_of_month(self, field: Field) -> None:
        if self.cadence.data == Repeats.MONTHLY and not field.data:
            raise ValidationError("Please tick at least one week.")

    def validate_timezone(self, field: Field) -> None:
        try:
            zones.zone(field.data)
        except InvalidInput as error:
            raise ValidationError(error.reason) from None

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

    @property
    def venue(self) -> Venue | None:
        if self.modality.data not in WITH_A_PLACE or not (self.venue_name.data or self.venue_address.data):
            return None
        return Venue(text(self.venue_name), text(self.venue_address), text(self.venue_access))

    @property
    def join(self) -> JoinInfo | None:
        if self.modality.data not in FROM_ELSEWHERE:
            return None
        join = JoinInfo(
            url=text(self.join_url),
            phone=text(self.join_phone),
            passcode=text(self.join_passcode),
            access_code=text(self.join_access_code),
            reveal=Reveal(self.reveal.data),
            window_minutes=self._window,
        )
        return None if join.is_empty else join

    @property
    def _window(self) -> int:
        return answer(self.window_minutes, int) if self.reveal.data == Reveal.WINDOW else DEFAULT_WINDOW_MINUTES

    def _moments_in(self, field: Field) -> tuple[datetime, ...]:
        return tuple(moments(text(field), self._usual_time))

    @property
    def _usual_time(self) -> time:
        return answer(self.start_time, time)
