"""Answers that people pick from, in plain words, and the fields that offer them."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, Form, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from groupsite.domain.words import Attendance, Family, HolidayPolicy, Kind, Modality, Notice, Reveal

FAMILIES = {
    Family.CODA_STYLE: "In the style of CoDA",
    Family.ALANON_STYLE: "In the style of Al-Anon",
    Family.INDEPENDENT: "A style of its own",
}
ATTENDANCES = {
    Attendance.OBSERVERS_WELCOME: "Families, friends and observers are welcome",
    Attendance.MEMBERS_ONLY: "Families and friends only (newcomers are always welcome)",
}
HOLIDAYS = {
    HolidayPolicy.ASK: "It depends: people should look here first",
    HolidayPolicy.YES: "Yes, we meet on public holidays",
    HolidayPolicy.NO: "No, we do not meet on public holidays",
}
KINDS = {
    Kind.SHARING: "Sharing",
    Kind.TOPIC: "Topic",
    Kind.OPEN_TOPIC: "Open topic",
    Kind.SPEAKER: "Speaker",
    Kind.STEP_STUDY: "Step study",
    Kind.TRADITION_STUDY: "Tradition study",
    Kind.LITERATURE_STUDY: "Book study",
    Kind.NEWCOMERS: "Newcomers",
    Kind.MEDITATION: "Meditation",
    Kind.WRITING: "Writing",
    Kind.QUESTION_AND_ANSWER: "Questions and answers",
    Kind.GRATITUDE: "Gratitude",
    Kind.WRITTEN: "Written meeting",
    Kind.BUSINESS: "Business",
}
MODALITIES = {
    Modality.IN_PERSON: "In person",
    Modality.ONLINE: "Online",
    Modality.HYBRID: "In person and online together",
    Modality.PHONE: "By telephone",
    Modality.WRITTEN: "In writing",
}
REVEALS = {
    Reveal.MEMBERS: "Members of the group only",
    Reveal.WINDOW: "Members always; everybody else shortly before it starts",
    Reveal.PUBLIC: "Everybody, in search engines too",
}
NOTICES = {
    Notice.PLANNED: "Planned: people hear of it in their morning, or at once if it is near",
    Notice.TEMPORARY: "For a while: people hear of it now; it goes back to normal later",
    Notice.URGENT: "Urgent: people hear of it now, for they may be on their way",
}
LANGUAGES = {
    "en": "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sv": "Svenska",
    "uk": "Українська",
    "zh": "中文",
}


NOT_OFFERED = "Please tick boxes that are on the page."


def option(value: object, label: str, group: str | None = None) -> SelectChoice:
    """One answer of a list, under the heading `group` if there is one."""
    return SelectChoice(str(value), label, optgroup=group)


class _OneOf:
    def __init__(self, allowed: set[str], reason: str) -> None:
        self.allowed = allowed
        self.reason = reason

    def __call__(self, _form: Form, field: Field) -> None:
        picked = field.data if isinstance(field.data, list) else [field.data]
        if not set(picked) <= self.allowed:
            raise ValidationError(self.reason)


def one_of(label: str, answers: Mapping[Any, str], *, default: str, **options: Any) -> RadioField:
    """Radio buttons: few answers that deserve to be read side by side."""
    return RadioField(label, default=default, **_offered(answers, "Please choose one of these answers."), **options)


def pick(label: str, answers: Mapping[Any, str], *, default: str, **options: Any) -> SelectField:
    """A drop-down list: many answers, one of them usual."""
    return SelectField(label, default=default, **_offered(answers, "Please choose from the list."), **options)


def several_of(label: str, answers: Mapping[Any, str], **options: Any) -> SelectMultipleField:
    """Tick boxes; none ticked is an empty list."""
    offered = _offered(answers, NOT_OFFERED)
    return SelectMultipleField(
        label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **offered, **options
    )


def _offered(answers: Mapping[Any, str], reason: str) -> dict[str, Any]:
    choices = [option(value, text) for value, text in answers.items()]
    return {
        "choices": choices,
        "validate_choice": False,
        "validators": [_OneOf({choice.value for choice in choices}, reason)],
    }
