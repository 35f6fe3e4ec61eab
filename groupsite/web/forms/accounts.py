"""What people fill in about their own account."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, PasswordField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import EmailInput

from groupsite.domain.discretion import LONGEST_OWN_WORDS
from groupsite.domain.names import LONGEST_LOGIN
from groupsite.domain.passwords import LONGEST, SHORTEST
from groupsite.web.forms.choices import pick
from groupsite.web.forms.local_times import Sensible
from groupsite.web.forms.texts import line
from groupsite.web.forms.zones import zone_options

LONGEST_ADDRESS = 254
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

    login = StringField(
        "Sign-in name", render_kw={"autocomplete": "username", "autocapitalize": "none", "required": True}
    )
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
    login = StringField(
        "Sign-in name", render_kw={"autocomplete": "username", "autocapitalize": "none", "required": True}
    )
    code = line("One of your recovery codes", needed="Please type a code.", render_kw={"autocomplete": "one-time-code"})
    new = secret("New password", needed="Please choose a new password.", autocomplete="new-password")
    shared = shared_device()


class RemindersForm(FlaskForm):
    discreet = BooleanField("Use plain, everyday words")
    discreet_title = line("Your own words for every date", longest=LONGEST_OWN_WORDS)
    quiet_from = TimeField("Quiet from", [Optional()], render_kw={"class": "short"})
    quiet_until = TimeField("Quiet until", [Optional()], render_kw={"class": "short"})
    rest_until = DateField("Rest until", [Optional(), Sensible()], render_kw={"class": "short"})
    allows_urgent = BooleanField("Tell me of sudden changes of dates I go to, even then")
    daily_budget = pick("Mails in a day, at most", BUDGETS, default="", render_kw={"class": "short"})
    timezone = SelectField(
        "Your time zone",
        choices=zone_options(NO_ZONE),
        validate_choice=False,
    )
