"""Formats, their parts, and texts in their slots."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import Optional

from groupsite.domain.format_presets import LENGTHS
from groupsite.domain.meeting_format import (
    LONGEST_LED_BY,
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_MINUTES,
    NEWCOMER,
    Outside,
    Segment,
    slot_named,
    slot_words,
)
from groupsite.domain.texts import LONGEST_BODY, LONGEST_SOURCE, TextDraft
from groupsite.domain.words import Family, TextVisibility
from groupsite.models import GroupText
from groupsite.web.forms.answers import answer, text
from groupsite.web.forms.choices import one_of
from groupsite.web.forms.quantities import whole
from groupsite.web.forms.texts import line, paragraphs

STYLES = {
    Family.CODA_STYLE: "Several readings in turn, then sharing",
    Family.ALANON_STYLE: "Opening readings and a reading of the day, then sharing",
    Family.INDEPENDENT: "Plain: welcome, topic, sharing, goodbye",
}
WHEN = {
    "inside": "In the meeting",
    "newcomer": "In the meeting, only if a newcomer is here",
    "before": "Before it starts (its minutes do not count)",
    "after": "After it ends (its minutes do not count)",
}
VISIBILITIES = {
    TextVisibility.READERS_ONLY: "Only those who do service here; they hand it to whoever reads it",
    TextVisibility.DURING_MEETING: "Members, from half an hour before a meeting to its end",
    TextVisibility.MEMBERS: "Members, always",
}


class NewFormatForm(FlaskForm):
    name = line("Name of the format", needed="Please give it a name.", longest=80)
    style = one_of("What to begin with", STYLES, default=Family.INDEPENDENT)
    length = one_of("How long", {minutes: f"{minutes} minutes" for minutes in LENGTHS}, default="60")


class FormatForm(FlaskForm):
    name = line("Name of the format", needed="Please give it a name.", longest=120)
    share_limit = whole("Minutes for one share", 1, 60, "minutes", first=Optional())


class SegmentForm(FlaskForm):
    """`seen` is the title that the part had when the page was made."""

    seen = HiddenField()
    title = line("What happens", needed="Please say what happens then.", longest=LONGEST_TITLE)
    minutes = whole("Minutes", 1, MOST_MINUTES, "minutes", needed="Please say how many minutes.")
    led_by = line("Who leads it", longest=LONGEST_LED_BY)
    when = one_of("When it is held", WHEN, default="inside")
    optional = BooleanField("It may be left out when time is short")
    slot = line("Name of the text that is read", longest=60)
    note = paragraphs("Note for the chair", longest=LONGEST_NOTE)

    def segment(self, number: int = 0) -> Segment:
        when = str(self.when.data)
        return Segment(
            order=number,
            title=text(self.title),
            minutes=answer(self.minutes, int),
            led_by=text(self.led_by),
            note=text(self.note),
            text_slot=slot_named(text(self.slot)),
            condition=NEWCOMER if when == "newcomer" else "",
            optional=bool(self.optional.data),
            outside=Outside(when) if when in set(Outside) else None,
        )

    @classmethod
    def showing(cls, segment: Segment) -> "SegmentForm":
        when = "newcomer" if segment.condition == NEWCOMER else "inside"
        return cls(
            seen=segment.title,
            title=segment.title,
            minutes=segment.minutes,
            led_by=segment.led_by,
            when=segment.outside or when,
            optional=segment.optional,
            slot=slot_words(segment.text_slot) if segment.text_slot else "",
            note=segment.note,
        )


class SlotForm(FlaskForm):
    slot = line("Name of the text", needed="Please give the text a name.", longest=60)


class TextForm(FlaskForm):
    """`version` is that which whoever writes has seen, 0 for an empty slot."""

    version = HiddenField(default="0")
    body = paragraphs("The text", longest=LONGEST_BODY, render_kw={"rows": 12, "autocomplete": "off"})
    visibility = one_of("Who may read it", VISIBILITIES, default=TextVisibility.READERS_ONLY)
    source_note = line("Where it is from", longest=LONGEST_SOURCE)
    may_be_used = BooleanField("We may use this text: it is our own, or whoever owns it lets us")

    def draft(self) -> TextDraft:
        return TextDraft(
            body=text(self.body),
            visibility=TextVisibility(str(self.visibility.data)),
            source_note=text(self.source_note),
            may_be_used=bool(self.may_be_used.data),
        )

    def seen_version(self) -> int:
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1  # noqa: PLR2004  an int4

    @classmethod
    def showing(cls, stored: GroupText | None) -> "TextForm":
        if stored is None:
            return cls()
        return cls(
            version=str(stored.version),
            body=stored.body,
            visibility=stored.visibility,
            source_note=stored.source_note,
            may_be_used=stored.may_be_used,
        )
