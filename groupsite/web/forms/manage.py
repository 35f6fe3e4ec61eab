"""What a facilitator fills in about the group itself."""

from flask_wtf import FlaskForm

from groupsite.domain.drafts import GroupDraft
from groupsite.domain.words import Attendance, Family, HolidayPolicy
from groupsite.web.forms.answers import text
from groupsite.web.forms.choices import ATTENDANCES, FAMILIES, HOLIDAYS, LANGUAGES, one_of, pick
from groupsite.web.forms.texts import line, paragraphs


class ListingForm(FlaskForm):
    """What everybody may read about a group."""

    name = line("Name of the group", needed="Please give the group a name.", longest=80)
    summary = paragraphs("What is it like?", longest=600)
    city = line("Town or area", longest=80)
    family = one_of("Style of format", FAMILIES, default=Family.INDEPENDENT)
    attendance = one_of("Who may come?", ATTENDANCES, default=Attendance.OBSERVERS_WELCOME)
    holidays = one_of("Do you meet on public holidays?", HOLIDAYS, default=HolidayPolicy.ASK)
    arrival_note = paragraphs("Finding the way in", longest=1000)

    def draft(self, locale: str) -> GroupDraft:
        """What the answers ask for, in the language of the group."""
        return GroupDraft(
            name=text(self.name),
            family=Family(self.family.data),
            attendance=Attendance(self.attendance.data),
            summary=text(self.summary),
            city=text(self.city),
            arrival_note=text(self.arrival_note),
            holidays=HolidayPolicy(self.holidays.data),
            locale=locale,
        )


class NewGroupForm(ListingForm):
    """The listing, and the name of the person who starts it."""

    display_name = line("Your name in this group", needed="Please choose a name for yourself.", longest=40)
    locale = pick("Language of the group", LANGUAGES, default="en")
