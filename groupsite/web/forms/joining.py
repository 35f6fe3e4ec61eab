"""How people come into a group, and codes for it."""

from flask_wtf import FlaskForm

from groupsite.domain.invite_codes import DAYS, USES
from groupsite.domain.kept_out import LONGEST_NAME
from groupsite.domain.words import Joining
from groupsite.web.forms.choices import one_of
from groupsite.web.forms.texts import line

WAYS_IN = {
    Joining.OPEN: "Anybody who has an account here",
    Joining.BY_REQUEST: "Anybody whom one of you lets in",
    Joining.BY_INVITE: "Only with a code that one of you hands over",
}
WAY_IN_WORDS = {
    Joining.OPEN: "",
    Joining.BY_REQUEST: "You ask to join, and somebody who runs the group lets you in.",
    Joining.BY_INVITE: "To join you need a code from somebody who runs the group.",
}


def _people(uses: int) -> str:
    return "One" if uses == 1 else f"{uses}"


def _span(days: int) -> str:
    return "One day" if days == 1 else f"{days} days"


class JoiningForm(FlaskForm):
    joining = one_of("Who can join?", WAYS_IN, default=Joining.OPEN)


class InviteCodeForm(FlaskForm):
    uses = one_of("How many people may come with it?", {uses: _people(uses) for uses in USES}, default="1")
    days = one_of("How long does it work?", {days: _span(days) for days in DAYS}, default="7")

    def terms(self) -> dict[str, int]:
        """`uses`, a count of people, and `days`."""
        return {"uses": int(self.uses.data), "days": int(self.days.data)}


class KeepOutForm(FlaskForm):
    name = line(
        "A name",
        needed="Please type a name.",
        longest=LONGEST_NAME,
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"},
    )
