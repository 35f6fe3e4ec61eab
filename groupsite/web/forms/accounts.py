"""What people fill in about their own account."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, PasswordField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import EmailInput

from groupsite.domain.cadence import DAYS
from groupsite.domain.discretion import LONGEST_OWN_WORDS
from groupsite.domain.names import LONGEST_LOGIN
from groupsite.domain.passwords import LONGEST, SHORTEST
from groupsite.domain.safe_days import EVERY_DAY, as_bits, weekdays_in
from groupsite.models import Account
from groupsite.services.accounts import ReminderWishes
from groupsite.web.forms.choices import pick, several_of
from groupsite.web.forms.local_times import Sensible
from groupsite.web.forms.texts import line
from groupsite.web.forms.zones import zone_options

LONGEST_ADDRESS = 254
CHANNELS = {
    "reminders": "Reminders of dates",
    "changes": "News of dates that change",
    "invites": "Invitations for a calendar program",
}
BUDGETS = {"": "No limit"} | {str(number): str(number) for number in (1, 2, 3, 5, 8)}
PASSWORD_HINT = f"At least {SHORTEST} characters. A few words in a row are easy to remember. Pasting is fine."
NO_ZONE = "Not chosen: times are shown in each group’s own zone"


def secret(label: str, *, needed: str, autocomplete: str) -> PasswordField:
    """A password; spaces count, nothing is cut off."""
    longest = Length(max=LONGEST, message=f"Please keep it to {LONGEST} characters.")
    return PasswordField(label, [DataRequired(needed), longest], render_kw={"autocomplete": autocomplete})


def address(label: str, *, needed: str = "") -> StringField:
    control: dict[str, Any] = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
    return line(label, needed=needed, longest=LONGEST_ADDRESS, widget=EmailInput(), render_kw=control)


def login(needed: str) -> StringField:
    control = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    return line("Sign-in name", needed=needed, longest=LONGEST_LOGIN, render_kw=control)


def typed_login() -> StringField:
    """Anything may be typed: what is wrong is not told apart."""
    control = {"autocomplete": "username", "autocapitalize": "none", "required": True}
    return StringField("Sign-in name", render_kw=control)


def shared_device() -> BooleanField:
    return BooleanField("Other people use this device too")


class SignUpForm(FlaskForm):
    login = login("Please choose a sign-in name.")
    password = secret("Password", needed="Please choose a password.", autocomplete="new-password")
    email = address("E-mail address")
    adult = BooleanField("I am 18 or older", [DataRequired("This place is for people who are 18 or older.")])
    shared = shared_device()


class SignInForm(FlaskForm):
    """Anything may be typed here: every wrong pair gets the same answer."""

    login = typed_login()
    password = PasswordField("Password", render_kw={"autocomplete": "current-password", "required": True})
    shared = shared_device()


class ConfirmForm(FlaskForm):
    password = secret("Your password", needed="Please type your password.", autocomplete="current-password")


class PasswordForm(FlaskForm):
    current = secret("Your password now", needed="Please type your password.", autocomplete="current-password")
    new = secret("New password", needed="Please choose a new password.", autocomplete="new-password")


class AddressForm(FlaskForm):
    email = address("E-mail address", needed="Please type an address.")


class DeleteForm(ConfirmForm):
    """Asks for the password however lately it was given."""


class RecoverForm(FlaskForm):
    login = typed_login()
    code = line("One of your recovery codes", needed="Please type a code.", render_kw={"autocomplete": "one-time-code"})
    new = secret("New password", needed="Please choose a new password.", autocomplete="new-password")
    shared = shared_device()


class RemindersForm(FlaskForm):
    discreet = BooleanField("Use plain, everyday words")
    discreet_title = line("Your own words for every date", longest=LONGEST_OWN_WORDS)
    quiet_from = TimeField("Quiet from", [Optional()], render_kw={"class": "short"})
    quiet_until = TimeField("Quiet until", [Optional()], render_kw={"class": "short"})
    rest_until = DateField("Rest until", [Optional(), Sensible()], render_kw={"class": "short"})
    days_without = several_of("Days on which nothing may come", dict(enumerate(DAYS)))
    withheld = several_of("Never send me", CHANNELS)
    allows_urgent = BooleanField("Tell me of sudden changes of dates I go to, even then")
    takes_notices = BooleanField("Tell me by mail when the ways to sign in change")
    daily_budget = pick("Mails in a day, at most", BUDGETS, default="", render_kw={"class": "short"})
    timezone = SelectField(
        "Your time zone",
        choices=zone_options(NO_ZONE),
        validate_choice=False,
    )

    def wishes(self) -> ReminderWishes:
        """What she has said, once the form is valid."""
        unsafe = as_bits(int(day) for day in self.days_without.data or ())
        withheld = self.withheld.data or ()
        return ReminderWishes(
            discreet=bool(self.discreet.data),
            discreet_title=self.discreet_title.data or "",
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            timezone=self.timezone.data or None,
            rest_until=self.rest_until.data,
            allows_urgent=bool(self.allows_urgent.data),
            daily_budget=int(self.daily_budget.data) if self.daily_budget.data else None,
            safe_days=EVERY_DAY & ~unsafe,
            takes_reminders="reminders" not in withheld,
            takes_changes="changes" not in withheld,
            takes_invites="invites" not in withheld,
            takes_notices=bool(self.takes_notices.data),
        )


def reminders_form(account: Account) -> RemindersForm:
    """With what she has said before."""
    takes = {"reminders": account.takes_reminders, "changes": account.takes_changes, "invites": account.takes_invites}
    lists = {
        "days_without": [str(day) for day in weekdays_in(EVERY_DAY & ~account.safe_days)],
        "withheld": [channel for channel, is_taken in takes.items() if not is_taken],
    }
    return RemindersForm(obj=account, data=lists)
