"""Formats to begin with, in neutral words of our own. The texts of fellowships are not among them: their slots are empty."""

from collections.abc import Mapping
from dataclasses import replace

from groupsite.domain.errors import InvalidInput
from groupsite.domain.meeting_format import NEWCOMER, Outside, Segment, numbered, scaled
from groupsite.domain.words import Family

LENGTHS = (60, 75, 90)
USUAL_LENGTH = 60
SHARE_LIMITS: Mapping[int, int] = {60: 3, 75: 3, 90: 4}
"""Minutes for one share, by the length of the meeting."""

_ARRIVALS = Segment(0, "Arrivals and hello", 15, "greeter", outside=Outside.BEFORE)
_OPENING = Segment(0, "Welcome and a moment of quiet", 5, "chair", text_slot="opening")
_HOW = Segment(0, "How we share: nobody has to, nobody comments", 3, "chair", text_slot="sharing_guidelines")
_NEWCOMERS = Segment(
    0, "Welcome to newcomers, first names only", 3, "greeter", text_slot="newcomer_welcome", condition=NEWCOMER
)
_NAMES = Segment(0, "First names around the room; passing is fine", 5, "chair", optional=True)
_QUIETER = Segment(0, "Time for newcomers and quieter people", 10, "chair", optional=True)
_ANNOUNCEMENTS = Segment(0, "Contributions, announcements, open jobs", 6, "treasurer and secretary")
_CLOSING = Segment(0, "What is said here stays here, closing words", 3, "chair", text_slot="closing")
_AFTERWARDS = Segment(0, "Time to talk, tidying up", 10, "anyone", outside=Outside.AFTER)

_OF_NINETY: Mapping[Family, tuple[Segment, ...]] = {
    Family.CODA_STYLE: (
        _ARRIVALS, _OPENING,
        Segment(0, "Readings, a volunteer for each", 12, "volunteer readers", text_slot="foundational_readings"),
        _HOW, _NEWCOMERS, _NAMES,
        Segment(0, "Tonight’s speaker, step or topic", 14, "speaker or chair"),
        Segment(0, "Open sharing", 32, "chair with timekeeper"),
        _QUIETER, _ANNOUNCEMENTS, _CLOSING, _AFTERWARDS,
    ),
    Family.ALANON_STYLE: (
        _ARRIVALS, _OPENING,
        Segment(0, "Opening readings", 8, "volunteer readers", text_slot="foundational_readings"),
        _NEWCOMERS, _NAMES,
        Segment(0, "Reading of the day", 4, "volunteer reader", text_slot="daily_reading"),
        Segment(0, "Tonight’s topic", 12, "chair"), _HOW,
        Segment(0, "Open sharing", 34, "chair with timekeeper"),
        _QUIETER, _ANNOUNCEMENTS, _CLOSING, _AFTERWARDS,
    ),
    Family.INDEPENDENT: (
        _OPENING, _HOW, _NEWCOMERS,
        Segment(0, "Tonight’s topic", 15, "chair"),
        Segment(0, "Open sharing", 50, "chair with timekeeper"),
        Segment(0, "Announcements and open jobs", 6, "secretary"),
        _CLOSING,
    ),
}  # fmt: skip


def preset(style: Family, length: int) -> tuple[Segment, ...]:
    """The segments of a meeting in this style that fill `length` minutes. Raises InvalidInput for `length`."""
    if length not in LENGTHS:
        raise InvalidInput("length", "Please choose one of these lengths.")
    segments = _OF_NINETY[style]
    counted = [one for one in segments if one.outside is None]
    minutes = dict(zip(map(id, counted), scaled([one.minutes for one in counted], length), strict=True))
    return numbered([replace(one, minutes=minutes.get(id(one), one.minutes)) for one in segments])
