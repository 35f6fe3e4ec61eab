"""Which kind of calendar address to make."""

from flask_wtf import FlaskForm

from groupsite.web.forms.choices import one_of

LEVELS = {
    "discreet": "My own words only: no name, no place, no link",
    "full": "Everything: names, places, what is public on the page",
}


class FeedForm(FlaskForm):
    level = one_of("What should the calendar say?", LEVELS, default="discreet")
