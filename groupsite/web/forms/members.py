"""What a member fills in about one group."""

from flask_wtf import FlaskForm
from wtforms import BooleanField

from groupsite.domain.invite_codes import LONGEST_TYPED
from groupsite.web.forms.choices import several_of
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
    code = line(
        "The code you were given",
        longest=LONGEST_TYPED,
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class GroupRemindersForm(FlaskForm):
    leads = several_of("Remind me by mail", LEADS)
    wants_invites = BooleanField("Send the dates as calendar invitations by mail")

    def chosen_leads(self) -> list[int]:
        """Minutes before the start."""
        return [int(lead) for lead in self.leads.data or []]
