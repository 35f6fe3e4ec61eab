"""What a facilitator fills in to change one date, to pause, or to end a meeting."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import DateField, Field, TimeField
from wtforms.validators import DataRequired, ValidationError

from groupsite.domain.schedule import Override, Venue
from groupsite.domain.words import Notice, OverrideAction
from groupsite.web.forms.answers import text
from groupsite.web.forms.choices import NOTICES, one_of
from groupsite.web.forms.conditions import OnlyWith
from groupsite.web.forms.local_times import Sensible
from groupsite.web.forms.texts import line, paragraphs

ACTIONS = {
    OverrideAction.CANCEL: "Cancel it: we do not meet",
    OverrideAction.MOVE: "Move it to another day or hour",
    OverrideAction.RELOCATE: "Meet in another place",
}
NOTE = 500


def _when_moved(needed: str) -> OnlyWith:
    return OnlyWith("action", OverrideAction.MOVE, needed=needed)


def _when_elsewhere(needed: str = "") -> OnlyWith:
    return OnlyWith("action", OverrideAction.RELOCATE, needed=needed)


class ChangeForm(FlaskForm):
    """Cancel, move or relocate one date. `override` is the change it asks for."""

    action = one_of("What changes?", ACTIONS, default="")
    new_date = DateField("New day", [_when_moved("Please give the new day."), Sensible()])
    new_time = TimeField("New start", [_when_moved("Please give the new start.")])
    venue_name = line("Name of the place", first=_when_elsewhere("Please name the place."))
    venue_address = line("Address", longest=120, first=_when_elsewhere())
    venue_access = line("Getting in", longest=300, first=_when_elsewhere())
    notice = one_of("How sudden is it?", NOTICES, default=Notice.PLANNED)
    public_note = paragraphs("Note for everybody", longest=NOTE)

    @property
    def new_start_local(self) -> datetime | None:
        """Naive, on the clock of the meeting; None unless the date is moved."""
        if self.action.data != OverrideAction.MOVE or self.new_date.data is None or self.new_time.data is None:
            return None
        return datetime.combine(self.new_date.data, self.new_time.data)

    @property
    def venue(self) -> Venue | None:
        if self.action.data != OverrideAction.RELOCATE:
            return None
        return Venue(text(self.venue_name), text(self.venue_address), text(self.venue_access))

    def override(self, original_local: datetime) -> Override:
        return Override(
            action=OverrideAction(self.action.data),
            recurrence_id_local=original_local,
            notice=Notice(self.notice.data),
            public_note=text(self.public_note),
            new_start_local=self.new_start_local,
            venue=self.venue,
        )


class PauseForm(FlaskForm):
    """A span of days without meetings; both days belong to it."""

    first_date = DateField("First day without", [DataRequired("Please give the first day."), Sensible()])
    last_date = DateField("Last day without", [DataRequired("Please give the last day."), Sensible()])
    public_note = paragraphs("Note for everybody", longest=NOTE)

    def validate_last_date(self, field: Field) -> None:
        if field.data and self.first_date.data and field.data < self.first_date.data:
            raise ValidationError("The last day comes before the first.")


class EndForm(FlaskForm):
    """The last day on which a meeting may take place."""

    end_date = DateField("Last day", [DataRequired("Please give the last day."), Sensible()])
