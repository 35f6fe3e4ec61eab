"""What a member fills in about one group."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from groupsite.web.forms.choices import option
from groupsite.web.forms.texts import line

LEADS = {1440: "A day before", 60: "An hour before"}
"""The words for services/memberships.OFFERED_LEADS."""


class JoinForm(FlaskForm):
    display_name = line(
        "The name this group will see",
        needed="Please choose a name for this group. A first name, a letter or a made-up name is fine.",
        longest=80,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class GroupRemindersForm(FlaskForm):
    leads = SelectMultipleField(
        "Remind me by mail",
        choices=[option(minutes, words) for minutes, words in LEADS.items()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    wants_invites = BooleanField("Send the dates as calendar invitations by mail")
