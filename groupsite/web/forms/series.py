"""What a facilitator fills in about a series: what, when, how often, where, and the way in."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, SelectField, TimeField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from groupsite.domain import zones
from groupsite.domain.join_info import DEFAULT_WINDOW_MINUTES, JoinInfo
from groupsite.domain.schedule import Venue
from groupsite.domain.words import Kind, Modality, Reveal
from groupsite.web.forms.choices import KINDS, MODALITIES, REVEALS, one_of, pick, several_of
from groupsite.web.forms.conditions import OnlyWith
from groupsite.web.forms.local_times import Moments, Sensible, moments
from groupsite.web.forms.texts import line, paragraphs, secure_link

CADENCES = {
    "weekly": "Every week, or every few weeks",
    "monthly": "In certain weeks of the month",
    "once": "Once",
}
WEEKS_OF_MONTH = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "5": "Fifth", "-1": "Last"}
WEEKDAYS = {
    "0": "Monday",
    "1": "Tuesday",
    "2": "Wednesday",
    "3": "Thursday",
    "4": "Friday",
    "5": "Saturday",
    "6": "Sunday",
}
ENDS = {"never": "It goes on", "until": "After a certain day", "count": "After a certain number of dates"}
IN_A_ROOM = (Modality.IN_PERSON, Modality.HYBRID)
FROM_ELSEWHERE = (Modality.ONLINE, Modality.HYBRID, Modality.PHONE)
MOST_MINUTES = 24 * 60
MOST_WEEKS = 52
MOST_DATES = 1000
LONGEST_WINDOW = 24 * 60


def _zone_choices() -> dict[str, list[tuple[str, str]]]:
    """Zones by part of the world, so that the list can be searched by the name of a town."""
    regions: dict[str, list[tuple[str, str]]] = {"": [("", "Please choose"), ("UTC", "UTC")]}
    for name in zones.available_zones():
        region, _, place = name.partition("/")
        if place:
            regions.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return regions


def _in_a_room() -> OnlyWith:
    return OnlyWith("modality", *IN_A_ROOM)


def _from_elsewhere() -> OnlyWith:
    return OnlyWith("modality", *FROM_ELSEWHERE)


class SeriesForm(FlaskForm):
    """One meeting series. `draft` is what it asks for."""

    title = line("Name of the meeting", needed="Please give the meeting a name.", longest=80)
    kind = pick("What it is about", KINDS, default=Kind.SHARING)
    modality = one_of("How people meet", MODALITIES, default=Modality.IN_PERSON)

    timezone = SelectField(
        "Time zone", [DataRequired("Please choose a time zone.")], choices=_zone_choices, validate_choice=False
    )
    first_date = DateField("First date", [DataRequired("Please give the first date."), Sensible()])
    start_time = TimeField("Start", [InputRequired("Please give the hour at which it starts.")])
    duration_minutes = IntegerField(
        "Length in minutes",
        [
            InputRequired("Please say how long it lasts."),
            NumberRange(5, MOST_MINUTES, f"Please give between 5 and {MOST_MINUTES} minutes."),
        ],
        default=90,
    )

    cadence = one_of("How often?", CADENCES, default="weekly")
    interval = IntegerField(
        "Weeks from one to the next",
        [
            OnlyWith("cadence", "weekly", needed="Please say every how many weeks; 1 is every week."),
            NumberRange(1, MOST_WEEKS, f"Please give between 1 and {MOST_WEEKS} weeks."),
        ],
        default=1,
    )
    weeks_of_month = several_of("Which weeks of the month?", WEEKS_OF_MONTH)
    weekdays = several_of("On which days?", WEEKDAYS)
    ends = one_of("How long does it go on?", ENDS, default="never")
    until = DateField("Last day", [OnlyWith("ends", "until", needed="Please give the last day."), Sensible()])
    count = IntegerField(
        "Number of dates",
        [
            OnlyWith("ends", "count", needed="Please say how many dates there are."),
            NumberRange(1, MOST_DATES, f"Please give between 1 and {MOST_DATES} dates."),
        ],
    )
    extra_dates = paragraphs("Extra dates", longest=3000, also=[Moments()])
    skipped_dates = paragraphs("Dates left out", longest=3000, also=[Moments()])

    venue_name = line("Name of the place", first=_in_a_room())
    venue_address = line("Address", longest=200, first=_in_a_room())
    venue_access = line("Getting in", longest=300, first=_in_a_room())

    join_url = line("Link", longest=500, first=_from_elsewhere(), also=[secure_link])
    join_passcode = line("Passcode for the link", longest=60, first=_from_elsewhere())
    join_phone = line("Telephone number", longest=40, first=_from_elsewhere())
    join_access_code = line("Code for the telephone", longest=60, first=_from_elsewhere())
    reveal = one_of("Who sees these?", REVEALS, default=Reveal.MEMBERS)
    window_minutes = IntegerField(
        "Minutes before the start",
        [
            OnlyWith("reveal", Reveal.WINDOW, needed="Please say how many minutes before."),
            NumberRange(0, LONGEST_WINDOW, f"Please give between 0 and {LONGEST_WINDOW} minutes."),
        ],
        default=DEFAULT_WINDOW_MINUTES,
    )

    def validate_weeks_of_month(self, field: Field) -> None:
        if self.cadence.data == "monthly" and not field.data:
            raise ValidationError("Please tick at least one week.")

    @property
    def start_local(self) -> datetime:
        return datetime.combine(self.first_date.data, self.start_time.data)

    @property
    def venue(self) -> Venue | None:
        if self.modality.data not in IN_A_ROOM or not (self.venue_name.data or self.venue_address.data):
            return None
        return Venue(self.venue_name.data, self.venue_address.data, self.venue_access.data)

    @property
    def join(self) -> JoinInfo | None:
        if self.modality.data not in FROM_ELSEWHERE:
            return None
        join = JoinInfo(
            url=self.join_url.data,
            phone=self.join_phone.data,
            passcode=self.join_passcode.data,
            access_code=self.join_access_code.data,
            reveal=Reveal(self.reveal.data),
            window_minutes=self.window_minutes.data or DEFAULT_WINDOW_MINUTES,
        )
        return None if join.is_empty else join

    def moments_in(self, field: Field) -> tuple[datetime, ...]:
        return tuple(moments(field.data, self.start_time.data))
