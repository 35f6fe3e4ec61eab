"""A written share, and how a group writes."""

from flask_wtf import FlaskForm
from wtforms import BooleanField

from groupsite.domain.cadence import DAYS as WEEKDAY_NAMES
from groupsite.domain.share_states import Guideline, ReportReason
from groupsite.domain.shares import DAYS, LONGEST_BODY, LONGEST_CONTENT_NOTE, USUAL_DAYS, ShareAudience, ShareWords
from groupsite.domain.sharing import LONGEST_LINE, LONGEST_TOPIC, Sharing
from groupsite.web.forms.choices import one_of
from groupsite.web.forms.texts import line, paragraphs

AUDIENCES = {
    ShareAudience.MEMBERS: "Every member",
    ShareAudience.NEWCOMERS: "Every member, and it is fine for somebody new",
    ShareAudience.TRUSTED: "Only those who look at shares for the group, and those who run it",
}
REASONS = {
    ReportReason.NAMES_A_PERSON: "It names somebody, or shows who they are",
    ReportReason.METHOD: "It says how somebody could hurt themselves",
    ReportReason.ADVICE: "It gives advice, or answers somebody’s words",
    ReportReason.APPROACH: "It looks for romance, sex or money",
    ReportReason.OTHER: "Something else is not right",
}
GUIDELINES = {
    Guideline.NAMES_A_PERSON: "It names somebody, or shows who they are. Please speak of people without names.",
    Guideline.CONTACT_DETAILS: "It has a telephone number, an address or a link. Please leave them out.",
    Guideline.ADVICE: "It gives advice, or answers somebody’s words. Please speak of what you lived.",
    Guideline.METHOD: "It says how somebody could hurt themselves. Please leave that part out.",
    Guideline.APPROACH: "It looks for romance, sex or money. Please leave that part out.",
    Guideline.NOT_OWN_WORDS: "It has words that somebody else wrote. Please use your own.",
}

GUIDELINE_NAMES = {
    Guideline.NAMES_A_PERSON: "Names somebody",
    Guideline.CONTACT_DETAILS: "A number, address or link",
    Guideline.ADVICE: "Advice, or an answer",
    Guideline.METHOD: "A way to hurt oneself",
    Guideline.APPROACH: "Romance, sex or money",
    Guideline.NOT_OWN_WORDS: "Somebody else’s words",
}


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
    audience = one_of("Whom it is for", AUDIENCES, default=ShareAudience.MEMBERS)
    days = one_of("How long it stays", {days: _stay(days) for days in DAYS}, default=str(USUAL_DAYS))
    opens_day = BooleanField("This opens the day: it stands first")

    def words(self) -> ShareWords:
        audience = ShareAudience(self.audience.data)
        return ShareWords(self.body.data or "", self.content_note.data or "", audience, int(self.days.data))

    def all_text(self) -> str:
        return "\n".join((self.body.data or "", self.content_note.data or ""))


class SharingForm(FlaskForm):
    holds_first = BooleanField("Somebody looks at each share before it is shown")
    nudges = BooleanField("Ask gently while somebody writes “you should”, or a name")
    own_line = line("The line that stands first on paper and in copies", longest=LONGEST_LINE)
    topic_0, topic_1, topic_2, topic_3, topic_4, topic_5, topic_6 = (
        line(name, longest=LONGEST_TOPIC, render_kw={"autocomplete": "off"}) for name in WEEKDAY_NAMES
    )

    @classmethod
    def of(cls, sharing: Sharing) -> "SharingForm":
        topics = {f"topic_{day}": topic for day, topic in enumerate(sharing.topics)}
        return cls(holds_first=sharing.holds_first, nudges=sharing.nudges, own_line=sharing.own_line, **topics)

    @property
    def topic_fields(self) -> list[object]:
        return [self[f"topic_{day}"] for day in range(len(WEEKDAY_NAMES))]

    def sharing(self) -> Sharing:
        topics = tuple(self[f"topic_{day}"].data or "" for day in range(len(WEEKDAY_NAMES)))
        return Sharing(bool(self.holds_first.data), bool(self.nudges.data), self.own_line.data or "", topics)
