"""The order of a meeting: timed segments that fill its length, some before or after it, some only when they are wanted."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.plain_text import refuse_unfit
from groupsite.domain.slugs import slug_of

NEWCOMER = "newcomer_present"
"""The condition of segments that are held only if somebody new is here. Any other condition is a remark for people."""
MOST_SEGMENTS = 40
LONGEST_TITLE = 200
LONGEST_LED_BY = 120
LONGEST_NOTE = 500
MOST_MINUTES = 24 * 60
TOO_SHORT = "The meeting is shorter than its format has parts. Take some parts out, or choose another format."


class Outside(StrEnum):
    """Where a segment stands that does not count into the meeting's length."""

    BEFORE = "before"
    AFTER = "after"


class Step(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Segment:
    """A timed part. `text_slot` names the text that is read in it, `condition` when it is held; `order` counts from 1."""

    order: int
    title: str
    minutes: int
    led_by: str
    note: str = ""
    text_slot: str = ""
    condition: str = ""
    optional: bool = False
    outside: Outside | None = None

    def is_held(self, *, has_newcomer: bool) -> bool:
        return has_newcomer or self.condition != NEWCOMER


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as it is held: `position` in its format, counted from 0, `starts_after` in minutes from the meeting's start."""

    position: int
    segment: Segment
    minutes: int
    starts_after: int


def plan(segments: Sequence[Segment], length: int, *, has_newcomer: bool) -> tuple[Part, ...]:
    """What is held in a meeting of `length` minutes: those before it, those that fill it exactly, those after it.

    Raises Conflict when there are more parts than minutes.
    """
    held = [(position, one) for position, one in enumerate(segments) if one.is_held(has_newcomer=has_newcomer)]
    before = [item for item in held if item[1].outside is Outside.BEFORE]
    inside = [item for item in held if item[1].outside is None]
    after = [item for item in held if item[1].outside is Outside.AFTER]
    minutes = [
        *(max(1, one.minutes) for _, one in before),
        *scaled([one.minutes for _, one in inside], length),
        *(max(1, one.minutes) for _, one in after),
    ]
    return tuple(_parts([*before, *inside, *after], minutes, starts=-sum(minutes[: len(before)])))


def scaled(minutes: Sequence[int], length: int) -> tuple[int, ...]:
    """Whole minutes in the same proportions that make `length` together, none below one. Raises Conflict if they cannot."""
    if len(minutes) > length:
        raise Conflict(TOO_SHORT)
    shares = _shares(minutes, length)
    whole = [int(share) for share in shares]
    by_rest = sorted(range(len(whole)), key=lambda index: (whole[index] - shares[index], index))
    for index in by_rest[: length - sum(whole) if whole else 0]:
        whole[index] += 1
    return tuple(whole)


def _shares(minutes: Sequence[int], length: int) -> list[Fraction]:
    """Each one's part of `length`, at least one minute: who would get less gets one, and the others share what is left."""
    weights = minutes if sum(minutes) else [1] * len(minutes)
    least: set[int] = set()
    while True:
        left, weight = length - len(least), sum(weights[one] for one in range(len(weights)) if one not in least)
        shares = [Fraction(1) if one in least else Fraction(left * weights[one], weight) for one in range(len(weights))]
        small = {one for one, share in enumerate(shares) if share < 1} - least
        if not small:
            return shares
        least |= small


def _parts(held: Sequence[tuple[int, Segment]], minutes: Sequence[int], *, starts: int) -> Iterator[Part]:
    for (position, segment), lasts in zip(held, minutes, strict=True):
        yield Part(position, segment, lasts, starts)
        starts += lasts


def total(segments: Sequence[Segment]) -> int:
    """Minutes that the whole format fills, with everything that is held only sometimes."""
    return sum(one.minutes for one in segments if one.outside is None)


def numbered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(replace(one, order=order) for order, one in enumerate(segments, start=1))


def at(segments: Sequence[Segment], number: int, title: str) -> int:
    """The index of segment `number`, counted from 1. Raises NotFound, and Conflict when another one stands there by now."""
    if not 1 <= number <= len(segments):
        raise NotFound("This part of the format is gone.")
    if segments[number - 1].title != title:
        raise Conflict("Somebody else changed the order meanwhile. Nothing was changed. Please look at it again.")
    return number - 1


def moved(segments: Sequence[Segment], index: int, step: Step) -> tuple[Segment, ...]:
    """The order with one segment a place further up or down; the first stays first, the last stays last."""
    other = index - 1 if step is Step.UP else index + 1
    order = list(segments)
    if 0 <= other < len(order):
        order[index], order[other] = order[other], order[index]
    return numbered(order)


def with_remark(segment: Segment, before: Segment) -> Segment:
    """The segment with the condition that came with a group file and that no page of ours offers, if it had one."""
    is_ours = before.condition in {"", NEWCOMER}
    return segment if segment.condition or is_ours else replace(segment, condition=before.condition)


def checked(segment: Segment) -> Segment:
    """The segment as it is kept. Raises InvalidInput for what cannot stand on a page."""
    tidy = replace(segment, title=segment.title.strip(), led_by=segment.led_by.strip() or "chair")
    refuse_unfit("title", tidy.title, LONGEST_TITLE)
    refuse_unfit("led_by", tidy.led_by, LONGEST_LED_BY)
    refuse_unfit("note", tidy.note, LONGEST_NOTE, lines=True)
    if not tidy.title:
        raise InvalidInput("title", "Please say what happens then.")
    if not 1 <= tidy.minutes <= MOST_MINUTES:
        raise InvalidInput("minutes", f"Please give between 1 and {MOST_MINUTES} minutes.")
    return tidy


def slot_named(name: str) -> str:
    """The word under which a text slot is kept, in small letters, digits and underscores; empty for an empty name."""
    return slug_of(name, "text").replace("-", "_") if name.strip() else ""


def is_slot(slot: str) -> bool:
    """Whether a text slot can be called so, here or in a group file."""
    return re.fullmatch(r"[a-z0-9_]{1,60}", slot) is not None


def slot_words(slot: str) -> str:
    """`Foundational readings` for `foundational_readings`."""
    return slot.replace("_", " ").strip().capitalize() or "Text"


def as_kept(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """As plain values, for a column."""
    return [asdict(one) for one in segments]


def segments_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Segment, ...]:
    """What `as_kept` wrote."""
    return tuple(
        replace(Segment(**one), outside=Outside(one["outside"]) if one.get("outside") else None) for one in kept
    )
