"""The finder's form. It is read leniently (web/finder_wishes.py); this class only shows it, filled in as asked."""

from collections.abc import Sequence

from wtforms import BooleanField, Form, SearchField, SelectField

from groupsite.web.forms.choices import FAMILIES, KINDS, LANGUAGES, option
from groupsite.web.forms.zones import zone_options

ANY = ("", "Any")
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
PARTS = {
    "morning": "Morning (5 to 12)",
    "afternoon": "Afternoon (12 to 17)",
    "evening": "Evening (17 to 22)",
    "night": "Night (22 to 5)",
}
WAYS_IN = {"in_person": "In person", "online": "Online", "phone": "By telephone", "written": "In writing"}


class FinderForm(Form):
    q = SearchField("Words", render_kw={"maxlength": 100, "autocomplete": "off"})
    day = SelectField("Day", choices=[option(*ANY), *(option(number, day) for number, day in enumerate(DAYS))])
    time = SelectField("Time of day", choices=[option(*ANY), *(option(*part) for part in PARTS.items())])
    modality = SelectField("Where", choices=[option(*ANY), *(option(*way) for way in WAYS_IN.items())])
    kind = SelectField("Kind", choices=[option(*ANY), *(option(*kind) for kind in KINDS.items())])
    family = SelectField("Style of format", choices=[option(*ANY), *(option(*one) for one in FAMILIES.items())])
    language = SelectField("Language")
    tz = SelectField("Show times in", choices=lambda: zone_options("Each meeting’s own time"))
    keep = BooleanField("Remember this time zone in this browser")

    def offer_languages(self, codes: Sequence[str]) -> None:
        self.language.choices = [option(*ANY), *(option(code, LANGUAGES.get(code, code)) for code in codes)]
