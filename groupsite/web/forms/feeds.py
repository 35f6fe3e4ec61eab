"""What a member wants of one of her own calendars."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from groupsite.domain.discretion import LONGEST_OWN_WORDS
from groupsite.domain.words import FeedLevel
from groupsite.models import CalendarFeed, Group, MeetingSeries
from groupsite.services.feeds import LONGEST_NAME, OFFERED_ALARMS, FeedWishes
from groupsite.web.forms.choices import NOT_OFFERED, one_of, option, pick
from groupsite.web.forms.conditions import OnlyWith
from groupsite.web.forms.texts import line

LEVELS = {
    FeedLevel.BUSY: "Busy only: that you are busy, and nothing else",
    FeedLevel.OWN_WORDS: "My own words: the same words for every date, no place, no link",
    FeedLevel.FULL: "Everything: names, places, the way in",
}
NO_ALARM = "none"
ALARMS = {NO_ALARM: "None"} | {
    minutes: f"{minutes} minutes before" if minutes < 60 else f"{minutes // 60} hour{'s' * (minutes > 60)} before"  # noqa: PLR2004  an hour
    for minutes in OFFERED_ALARMS
}
PARTS = {"all": "All my groups, later ones too", "picked": "Only what I tick here"}


class FeedForm(FlaskForm):
    name = line("What do you call it? Only you see this", longest=LONGEST_NAME, render_kw={"autocomplete": "off"})
    level = one_of("What should the calendar say?", LEVELS, default=FeedLevel.BUSY)
    title = line(
        "The words for every date",
        longest=LONGEST_OWN_WORDS,
        first=OnlyWith("level", FeedLevel.OWN_WORDS),
        render_kw={"autocomplete": "off"},
    )
    alarm = pick("Alarm on the device", ALARMS, default=NO_ALARM)
    hides_cancelled = BooleanField("Leave cancelled dates out")
    shows_answers = BooleanField("Say behind the title what I have answered")
    part = one_of("Which dates?", PARTS, default="all")
    series = SelectMultipleField(
        "Of these",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, series: Iterable[tuple[MeetingSeries, Group]]) -> None:
        """The meetings to pick from."""
        self.series.choices = [_choice(one, group) for one, group in series]

    def validate_level(self, field: Field) -> None:
        typed = "".join(self.title.raw_data or ()).strip()
        if field.data != FeedLevel.OWN_WORDS and typed:
            raise ValidationError("You typed words below. Choose “My own words”, or leave them empty.")

    def validate_part(self, field: Field) -> None:
        if field.data == "picked" and not self.series.data:
            raise ValidationError("Tick at least one below, or choose all your groups.")
        if field.data == "all" and self.series.data:
            raise ValidationError("You ticked some below. Choose “Only what I tick here”, or untick them.")

    def validate_series(self, field: SelectMultipleField) -> None:
        if not set(field.data or ()) <= {choice.data for choice in field}:
            raise ValidationError(NOT_OFFERED)

    def wishes(self) -> FeedWishes:
        """What was asked for, after validation."""
        level = FeedLevel(self.level.data)
        return FeedWishes(
            name=self.name.data or "",
            level=level,
            title=(self.title.data or "") if level is FeedLevel.OWN_WORDS else "",
            alarm_minutes=None if self.alarm.data == NO_ALARM else int(self.alarm.data),
            shows_cancelled=not self.hides_cancelled.data,
            shows_answers=bool(self.shows_answers.data),
            series_ids=[UUID(one) for one in self.series.data or ()] if self.part.data == "picked" else None,
        )


def answers_in(feed: CalendarFeed) -> Mapping[str, object]:
    """The form's fields as the calendar is now."""
    return {
        "name": feed.name,
        "level": feed.level,
        "title": feed.title,
        "alarm": NO_ALARM if feed.alarm_minutes is None else str(feed.alarm_minutes),
        "hides_cancelled": not feed.shows_cancelled,
        "shows_answers": feed.shows_answers,
        "part": "all" if feed.is_of_everything else "picked",
        "series": [str(one) for one in feed.series_ids],
    }


def _choice(series: MeetingSeries, group: Group) -> SelectChoice:
    return option(series.id, series.title if group.name in series.title else f"{group.name}: {series.title}")
