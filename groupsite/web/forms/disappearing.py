"""What people fill in to go out of sight, and to come back."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import Length

from groupsite.domain.disappearing import Extent
from groupsite.domain.passwords import LONGEST
from groupsite.web.forms.accounts import SignInForm
from groupsite.web.forms.choices import one_of

LONGEST_CODE = 60
EXTENTS = {
    Extent.STOP: "Stop everything. The account stays: sign in again when you like",
    Extent.HIDE: "Stop everything and hide the account, until you take it back",
    Extent.DELETE: "Stop everything and delete the account, for good",
}


def code(label: str) -> StringField:
    """Whatever is typed: the use case says what cannot be a code."""
    control = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "required": True}
    longest = Length(max=LONGEST_CODE, message=f"Please keep it to {LONGEST_CODE} characters.")
    return StringField(label, [longest], render_kw=control)


def goes_on() -> BooleanField:
    return BooleanField("Then open another site", default=True)


class NowForm(FlaskForm):
    extent = one_of("How far?", EXTENTS, default=Extent.STOP)
    password = PasswordField("Your password", [Length(max=LONGEST)], render_kw={"autocomplete": "current-password"})
    goes_on = goes_on()


class SlipForm(FlaskForm):
    extent = one_of("What the code is for", EXTENTS, default=Extent.STOP)


class CodeForm(FlaskForm):
    code = code("Your code")
    goes_on = goes_on()


class ReturnForm(SignInForm):
    """Whatever is wrong gets the same answer, as at every sign-in."""

    code = code("A code that you have on paper")
