"""A member's own version of kept calendar lines: under ids of her own, in her words, with her alarm and her answers.

The lines are rendered once for each change (formats/ical.py); here some are exchanged, which costs next to nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from groupsite.domain.answers import NO_ANSWERS, Answers
from groupsite.domain.words import Answer
from groupsite.formats.content_lines import joined, text, unfolded
from groupsite.formats.ical import CANCELLED_MARK

LOCAL_FORMAT = "%Y%m%dT%H%M%S"
BEGIN, END = "BEGIN:VEVENT", "END:VEVENT"
ANSWER_WORDS = {Answer.GOING: "going", Answer.NOT_THIS_TIME: "not this time"}
OF_THE_RULE = ("RRULE", "RDATE", "EXDATE")
NUMBERS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
NEVER_TOLD = ("RELATED-TO", "CREATED")
"""They name another calendar's id, and a second in it."""

Lines = list[str]


@dataclass(frozen=True, slots=True)
class Voice:
    """How one calendar speaks of one series.

    `not_before` (UTC) is when it was made or told to speak otherwise: older stamps are written as that one. `earlier` says
    how much earlier each is written than it is, given the RECURRENCE-ID of its event (empty for the rule).
    `title` stands for every title, None keeps them; `way_in` is a link of ours, only ever given to a full calendar;
    `answers` are the member's own.
    """

    uid: str
    not_before: datetime
    earlier: Callable[[str], timedelta]
    title: str | None = None
    alarm_minutes: int | None = None
    shows_cancelled: bool = True
    way_in: str = ""
    answers: Answers = NO_ANSWERS


def personal_block(kept: bytes, voice: Voice) -> bytes:
    """The VEVENT lines of a series as this calendar has them."""
    events = list(_events(unfolded(kept)))
    if not events:
        return b""
    events = _as_new_as_cancelled(events)
    if not voice.shows_cancelled:
        events = _without_cancelled(events)
    if events:
        events += _answered(events, voice.answers.by_date)
    return joined(line for event in events for line in [BEGIN, *_spoken(event, voice), END])


def _events(lines: Lines) -> Iterator[Lines]:
    """The lines of each VEVENT, without its first and last; the one with the rule comes first."""
    event: Lines = []
    for line in lines:
        if line == BEGIN:
            event = []
        elif line == END:
            yield event
        else:
            event.append(line)


def _spoken(event: Lines, voice: Voice) -> Lines:
    """The event in this voice. Ids and stamps are never the kept ones."""
    stamp = _stamp(event, voice).strftime(LOCAL_FORMAT) + "Z"
    mended: dict[str, Callable[[str], str]] = {
        "UID": lambda _: f"UID:{voice.uid}",
        "DTSTAMP": lambda _: f"DTSTAMP:{stamp}",
        "LAST-MODIFIED": lambda _: f"LAST-MODIFIED:{stamp}",
        "SUMMARY": lambda line: _summary(event, line, voice),
    }
    kept = (line for line in event if _name(line) not in NEVER_TOLD)
    spoken = [mended[_name(line)](line) if _name(line) in mended else line for line in kept]
    if _is_cancelled(event):
        return spoken
    rings = _answer(event, voice) is not Answer.NOT_THIS_TIME
    return [*_with_way_in(spoken, voice.way_in), *(_alarm(spoken, voice.alarm_minutes) if rings else ())]


def _stamp(event: Lines, voice: Voice) -> datetime:
    kept = _moment(_first(event, "LAST-MODIFIED")).replace(tzinfo=UTC)
    return max(kept, voice.not_before.astimezone(UTC)) - voice.earlier(_value(event, "RECURRENCE-ID"))


def _summary(event: Lines, line: str, voice: Voice) -> str:
    mark = CANCELLED_MARK if _is_cancelled(event) else ""
    said = line if voice.title is None else f"SUMMARY:{mark}{text(voice.title)}"
    answer = _answer(event, voice)
    return said if answer is None or mark else f"{said} ({ANSWER_WORDS[answer]})"


def _answer(event: Lines, voice: Voice) -> Answer | None:
    original = _original(event)
    return voice.answers.about(original) if original else voice.answers.usual


def _with_way_in(event: Lines, link: str) -> Lines:
    """Our link as CONFERENCE (RFC 7986, 5.11) and as the last line of DESCRIPTION, because few programs show the first."""
    if not link:
        return event
    described = [f"{line}\\n{link}" if _name(line) == "DESCRIPTION" else line for line in event]
    if described == event:
        described.append(f"DESCRIPTION:{link}")
    return [*described, f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Join:{link}"]


def _alarm(event: Lines, minutes: int | None) -> Lines:
    """A note on the screen, in the words of the title; never a mail (ACTION:EMAIL would be sent in the member's name)."""
    if minutes is None:
        return []
    words = next(line.partition(":")[2] for line in event if _name(line) == "SUMMARY")
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{words}", f"TRIGGER:-PT{minutes}M", "END:VALARM"]


def _without_cancelled(events: list[Lines]) -> list[Lines]:
    """Cancelled dates as gaps in the rule (EXDATE); a single cancelled date is nothing."""
    gone = [event for event in events if _is_cancelled(event)]
    master, *others = events
    if gone and not _recurs(master):
        return []
    gaps = [f"EXDATE{_first(event, 'RECURRENCE-ID').removeprefix('RECURRENCE-ID')}" for event in gone]
    return [[*master, *gaps], *(event for event in others if not _is_cancelled(event))]


def _as_new_as_cancelled(events: list[Lines]) -> list[Lines]:
    """The rule with the number and stamp of the newest cancelled date: whether these are shown can be changed at any time,

    and nothing may go back then.
    """
    master, *others = events
    cancelled = [event for event in others if _is_cancelled(event)]
    return [[_newest(line, cancelled) if _name(line) in NUMBERS else line for line in master], *others]


def _newest(line: str, others: list[Lines]) -> str:
    """The line, or the one of this name in the others that has the highest value."""
    name = _name(line)
    values = [line.partition(":")[2], *(_value(event, name) for event in others)]
    return f"{name}:{max(values, key=lambda value: (len(value), value))}"


def _answered(events: list[Lines], answers: Mapping[datetime, Answer | None]) -> list[Lines]:
    """An exception for each date with an answer that has none yet: the same date, to carry its own title."""
    master, has_own = events[0], {_original(event) for event in events}
    if not _recurs(master):
        return []
    skipped = {_moment(line) for line in master if _name(line) == "EXDATE"}
    start = _first(master, "DTSTART")
    return [_one_of(master, start, original) for original in sorted(answers) if original not in has_own | skipped]


def _one_of(master: Lines, start: str, original: datetime) -> Lines:
    at = start.removeprefix("DTSTART").partition(":")[0]
    utc = "Z" if start.endswith("Z") else ""
    value = f"{at}:{original.strftime(LOCAL_FORMAT)}{utc}"
    same = [line for line in master if _name(line) not in (*OF_THE_RULE, "DTSTART")]
    return [f"DTSTART{value}", f"RECURRENCE-ID{value}", *same]


def _original(event: Lines) -> datetime | None:
    """The original wall-clock start of an event that is one date; None for one with a rule."""
    if _recurs(event):
        return None
    named = [line for line in event if _name(line) == "RECURRENCE-ID"]
    return _moment(named[0] if named else _first(event, "DTSTART"))


def _recurs(event: Lines) -> bool:
    return any(_name(line) in OF_THE_RULE for line in event)


def _moment(line: str) -> datetime:
    return datetime.strptime(line.rpartition(":")[2].removesuffix("Z"), LOCAL_FORMAT)  # noqa: DTZ007  wall clock


def _first(event: Lines, name: str) -> str:
    return next(line for line in event if _name(line) == name)


def _value(event: Lines, name: str) -> str:
    """The value of the property, or nothing."""
    return next((line.partition(":")[2] for line in event if _name(line) == name), "")


def _is_cancelled(event: Lines) -> bool:
    return "STATUS:CANCELLED" in event


def _name(line: str) -> str:
    return line.partition(":")[0].partition(";")[0]
