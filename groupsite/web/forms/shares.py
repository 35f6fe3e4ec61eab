"""A written share."""

from flask_wtf import FlaskForm
from wtforms import RadioField

from groupsite.domain.shares import DAYS, LONGEST_BODY, LONGEST_CONTENT_NOTE, USUAL_DAYS
from groupsite.web.forms.choices import option
from groupsite.web.forms.texts import line, paragraphs


def _stay(days: int) -> str:
    return "One day" if days == 1 else f"{days} days"


class ShareForm(FlaskForm):
    body = paragraphs(
        "Your words",
        needed="There is nothing written yet.",
        longest=LONGEST_BODY,
        render_kw={"rows": 12, "autocomplete": "off"},
    )
    content_note = line("What it is about", longest=LONGEST_CONTENT_NOTE, render_kw={"autocomplete": "off"})
    days = RadioField(
        "How long it stays", choices=[option(days, _stay(days)) for days in DAYS], coerce=int, default=USUAL_DAYS
    )
