"""Helplines as a page shows them: one card for each kind, and with each number how far it can be trusted."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from groupsite.domain.help_lines import Age, Checked, HelpCountry, HelpKind, HelpLine, age
from groupsite.domain.wording import date_words

TITLES = {
    HelpKind.EMERGENCY: "If you are in danger now, or somebody else is",
    HelpKind.CRISIS: "If you cannot go on, or think of ending your life",
    HelpKind.ABUSE: "If somebody at home hurts, threatens or controls you",
    HelpKind.DRINKERS: "If somebody near you drinks or takes drugs",
    HelpKind.THERAPY: "If you look for a therapist",
}
SHORT = {
    HelpKind.EMERGENCY: "Danger now",
    HelpKind.CRISIS: "Cannot go on",
    HelpKind.ABUSE: "Hurt at home",
    HelpKind.DRINKERS: "Somebody drinks",
    HelpKind.THERAPY: "A therapist",
}


@dataclass(frozen=True, slots=True)
class LineView:
    """`doubt` is a warning to be read before the number, or empty; `read_on` says what the number rests on."""

    line: HelpLine
    doubt: str
    read_on: str
    host: str


@dataclass(frozen=True, slots=True)
class HelpCard:
    """`anchor` stands in addresses and says nothing."""

    anchor: str
    title: str
    short: str
    lines: tuple[LineView, ...]


def cards(country: HelpCountry, today: date) -> list[HelpCard]:
    """The kinds that this country has entries of, what cannot wait first."""
    return [
        HelpCard(f"part-{number}", TITLES[kind], SHORT[kind], tuple(_view(line, today) for line in lines))
        for number, kind in enumerate(HelpKind, 1)
        if (lines := country.of_kind(kind))
    ]


def _view(line: HelpLine, today: date) -> LineView:
    return LineView(line, _doubt(line, today), _read_on(line), urlsplit(line.source).hostname or "")


def _doubt(line: HelpLine, today: date) -> str:
    if (line.has_number or line.site) and age(line, today) is Age.DOUBTED:
        return "Check before use: nobody has looked at this for over a year."
    return ""


def _read_on(line: HelpLine) -> str:
    if line.checked_on is None:
        return ""
    how = "Read in a stored copy, which may be older," if line.checked is Checked.STORED_COPY else "Checked"
    return f"{how} on {date_words(line.checked_on)}"
