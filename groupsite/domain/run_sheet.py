"""One meeting while it is held: where it is, since when, and the thirty seconds of quiet. Nothing here says who came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.meeting_format import Part
from groupsite.domain.paper_codes import in_blocks, letters_in, random_letters
from groupsite.domain.plain_text import unusable_character

OPENS_BEFORE = timedelta(days=1)
"""How long before the start a sheet can be prepared."""
RUNS_OVER = timedelta(hours=2)
"""How long after the end it can still be used."""
KEPT_AFTER = timedelta(hours=24)
"""After the end: then its row is deleted."""
QUIET = timedelta(seconds=30)
LATE_PRESS = timedelta(minutes=15)
"""A button that was pressed without a connection counts from when it was pressed, up to so long ago."""
TEXTS_BEFORE = timedelta(minutes=30)
"""Texts that are shown during a meeting are there so long before it."""
CODE_LETTERS = 12
LONGEST_READER = 40
MEANWHILE = (
    "Somebody else pressed a button first. Nothing of yours was changed. Please look at where the meeting is now."
)


@dataclass(frozen=True, slots=True)
class Progress:
    """`position` is that of a segment in its format; it and the moments are None before the start."""

    started_at: datetime | None = None
    position: int | None = None
    since: datetime | None = None
    quiet_until: datetime | None = None
    has_newcomer: bool = False


def go_to(progress: Progress, parts: Sequence[Part], position: int, *, at: datetime) -> Progress:
    """The meeting is at this part since `at`; going to the first one starts it. Raises InvalidInput for `to`."""
    if position not in {one.position for one in parts}:
        raise InvalidInput("to", "There is no such part in tonight’s order.")
    return replace(progress, started_at=progress.started_at or at, position=position, since=at, quiet_until=None)


def be_quiet(progress: Progress, *, at: datetime) -> Progress:
    """Thirty seconds in which nobody speaks; the clocks go on."""
    return replace(progress, quiet_until=at + QUIET)


def pressed_at(said: datetime | None, since: datetime | None, *, now: datetime) -> datetime:
    """When a button was pressed: what the telephone says, if it can be so, else now."""
    if said is None or not now - LATE_PRESS <= said <= now:
        return now
    return said if since is None or said >= since else now


def current(parts: Sequence[Part], position: int | None) -> int | None:
    """The index in `parts` of where the meeting is; for a part that is not held any more, the next one."""
    if position is None or not parts:
        return None
    order = [one.position for one in parts]
    return order.index(position) if position in order else min(_first_after(order, position), len(order) - 1)


def _first_after(order: Sequence[int], position: int) -> int:
    return next((index for index, one in enumerate(order) if one > position), len(order))


def is_open(start: datetime, end: datetime, now: datetime) -> bool:
    """Whether the sheet of a meeting between these moments can be used."""
    return start - OPENS_BEFORE <= now < end + RUNS_OVER


def check_version(known: int, stored: int) -> None:
    """Raises Conflict for somebody who has not seen the last change."""
    if known != stored:
        raise Conflict(MEANWHILE)


def with_reader(readers: Mapping[str, str], position: int, name: str) -> dict[str, str]:
    """Who reads what tonight, by the segment's position; an empty name takes it back. Raises InvalidInput for `reader`."""
    tidy = name.strip()
    if len(tidy) > LONGEST_READER:
        raise InvalidInput("reader", f"Please keep it to {LONGEST_READER} characters: a first name is enough.")
    found = unusable_character(tidy)
    if found:
        raise InvalidInput("reader", f"Please take out {found}.")
    others = {key: value for key, value in readers.items() if key != str(position)}
    return others | ({str(position): tidy} if tidy else {})


def new_code() -> str:
    """`k7mp-2xq9-d4tt`: 59 random bits for the second telephone, good for one meeting."""
    return in_blocks(random_letters(CODE_LETTERS))


def code_as_kept(typed: str) -> str:
    return letters_in(typed[:60].lower())
