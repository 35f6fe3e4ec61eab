"""What a finder's address asks for. Words that we do not know are left out and said so; nothing is ever refused."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from groupsite.domain.day_parts import DayPart
from groupsite.domain.words import Family, Kind, Modality
from groupsite.domain.zones import is_known
from groupsite.queries.finder import Place, Wishes

LONGEST_WORDS = 100
LONGEST_LANGUAGE = 12
SUNDAY_FIRST = 7
DAYS = frozenset("0123456")
BETWEEN = "-"
FEW_DIGITS = re.compile(r"[0-9]{1,11}")
HEX = re.compile(r"[0-9a-f]{32}")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """`wishes` as understood; `left_out` are the names of fields that were not."""

    wishes: Wishes
    after: Place | None
    left_out: tuple[str, ...]
    is_empty: bool


def asked(args: "MultiDict[str, str]", timezone: str | None) -> Asked:
    """Read `q`, `day` (0 = Sunday, as the field's directories have it), `time`, `kind`, `modality`, `family`, `language`."""
    left_out: list[str] = []
    wishes = Wishes(
        words=_plain(args.get("q", ""))[:LONGEST_WORDS].strip(),
        day=_day(args.get("day", ""), left_out),
        part=_word(DayPart, args, "time", left_out),
        kind=_word(Kind, args, "kind", left_out),
        modality=_word(Modality, args, "modality", left_out),
        family=_word(Family, args, "family", left_out),
        language=_plain(args.get("language", ""))[:LONGEST_LANGUAGE],
        timezone=timezone,
    )
    told = args.get("tz", "")
    if told and not is_known(told):
        left_out.append("tz")
    return Asked(wishes, _place(args.get("after", "")), tuple(left_out), wishes == Wishes(timezone=timezone))


def _plain(text: str) -> str:
    """Without NUL, which no database text holds."""
    return text.replace("\0", "")


def _day(text: str, left_out: list[str]) -> int | None:
    """0 = Monday for the query, from 0 = Sunday in the address."""
    if text in DAYS:
        return (int(text) - 1) % SUNDAY_FIRST
    if text:
        left_out.append("day")
    return None


def _word(vocabulary: type[Word], args: "MultiDict[str, str]", name: str, left_out: list[str]) -> Word | None:
    text = args.get(name, "")
    if text in set(vocabulary):
        return vocabulary(text)
    if text:
        left_out.append(name)
    return None


def behind(place: Place) -> str:
    """The value of `after` that continues behind this date."""
    start, series_id = place
    return f"{int(start.timestamp())}{BETWEEN}{series_id.hex}"


def _place(text: str) -> Place | None:
    seconds, _, series_id = text.partition(BETWEEN)
    if not FEW_DIGITS.fullmatch(seconds) or not HEX.fullmatch(series_id):
        return None
    return datetime.fromtimestamp(int(seconds), UTC), UUID(series_id)
