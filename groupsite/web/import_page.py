"""What a calendar file would bring, ready to be shown: meetings to choose among, and what cannot come and why."""

from collections.abc import Collection
from dataclasses import dataclass

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.schedule import Occurrence, Venue
from groupsite.domain.wording import length_words, zone_words
from groupsite.services.calendar_import import Plan, Proposal
from groupsite.web.date_side import DateSide, side
from groupsite.web.forms.choices import MODALITIES
from groupsite.web.presentation import STATUS_LABELS

FEW = 3
"""With more meetings than that their dates are folded away."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """`label` is empty for a date that is as usual; `elsewhere` names the place of one that is not where it usually is."""

    date: DateSide
    label: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class MeetingView:
    key: str
    title: str
    is_ticked: bool
    when: str
    facts: list[tuple[str, str]]
    dates: list[DateLine]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    meetings: list[MeetingView]
    refusals: list[Refusal]
    notes: tuple[str, ...]
    are_dates_open: bool


def import_page(plan: Plan, chosen: Collection[str]) -> ImportPage:
    """`chosen` are the keys that were ticked before. One single meeting is ticked from the start; of several, none:
    a calendar of a person holds more than what a group should read.
    """
    ticked = chosen or ([plan.new[0].key] if len(plan.new) == 1 else [])
    meetings = [_meeting(one, one.draft, one.key in ticked) for one in plan.new if one.draft]
    refusals = [Refusal(one.title or "Without a name", one.reason) for one in plan.others]
    return ImportPage(meetings, refusals, plan.notes, len(meetings) <= FEW)


def _meeting(proposal: Proposal, draft: SeriesDraft, is_ticked: bool) -> MeetingView:  # noqa: FBT001
    schedule = draft.schedule
    place = ", ".join(filter(None, (schedule.venue.name, schedule.venue.address))) if schedule.venue else ""
    hours = (
        f"{schedule.dtstart_local:%H:%M}, {length_words(schedule.duration_minutes)}, {zone_words(schedule.timezone)}"
    )
    return MeetingView(
        key=proposal.key,
        title=proposal.title,
        is_ticked=is_ticked,
        when=f"{proposal.sentence}: {hours}",
        facts=[
            ("How", MODALITIES[schedule.modality]),
            ("Where", place),
            ("Link", draft.join.url if draft.join else ""),
        ],
        dates=[_date_line(one, schedule.venue) for one in proposal.dates],
        notes=proposal.notes,
    )


def _date_line(date: Occurrence, usual: Venue | None) -> DateLine:
    shown = side(date)
    return DateLine(shown, STATUS_LABELS[date.status], "" if date.venue == usual else shown.place)
