"""A written share."""

from flask_wtf import FlaskForm

from groupsite.domain.shares import DAYS, LONGEST_BODY, LONGEST_CONTENT_NOTE, USUAL_DAYS
from groupsite.web.forms.choices import one_of
from groupsite.web.forms.texts import line, paragraphs


def _stay(days: int) -> str:
    return "One day" if days == 1 else f"{days} days"


class ShareForm(FlaskForm):
    body = paragraphs(
        "Your words",
        needed="There is nothing written yet.",
        longest=LONGEST_BODY,
        render_kw={"rows": 12, "autocomplete": "off", "data-compose": ""},
    )
    content_note = line("What it is about", longest=LONGEST_CONTENT_NOTE, render_kw={"autocomplete": "off"})
    days = one_of("How long it stays", {days: _stay(days) for days in DAYS}, default=str(USUAL_DAYS))

    def words(self) -> dict[str, str]:
        return {"body": self.body.data or "", "content_note": self.content_note.data or ""}

    def chosen_days(self) -> int:
        return int(self.days.data)
