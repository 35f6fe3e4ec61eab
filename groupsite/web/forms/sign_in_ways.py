"""What people fill in to sign in otherwise than with a password, and to arrange that."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from groupsite.domain.sign_in_ways import LONGEST_NAME
from groupsite.web.forms.accounts import shared_device, typed_login
from groupsite.web.forms.texts import line

LONGEST_CODE = 60


class PasskeyForm(FlaskForm):
    """Filled in by the browser (static/passkey.js): what the passkey answers. What is wrong with it is not told apart."""

    answer = StringField("The answer of the passkey")
    shared = shared_device()


class PasskeyNameForm(FlaskForm):
    name = line("Its name", needed="Please type a name.", longest=LONGEST_NAME)


class AppCodeForm(FlaskForm):
    """Whatever is typed: what cannot be a code is simply none."""

    code = StringField(
        "Code",
        [Length(max=LONGEST_CODE, message=f"Please keep it to {LONGEST_CODE} characters.")],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "required": True},
    )


class LinkForm(FlaskForm):
    login = typed_login()
