"""What in somebody's own words could tell who they or others are: asked about once, never refused.

A question that comes too often is clicked away, so dates, hours, years, pages, steps and round sums are no telephone numbers.
"""

import re
from enum import StrEnum
from itertools import pairwise

from groupsite.domain.first_names import FIRST_NAMES
from groupsite.domain.plain_text import bare


class Exposure(StrEnum):
    FULL_NAME = "full_name"
    EMAIL = "email"
    TELEPHONE = "telephone"


FEWEST_DIGITS = 7
MOST_DIGITS = 15
"""Of a telephone number, with its country (ITU-T E.164)."""

_EMAIL = re.compile(r"[^\s@<>()]{1,64}(?:@|\s?[\[({](?:at|@)[\])}]\s?)[^\s@<>()]{1,250}\.[^\W\d_]{2,}", re.IGNORECASE)
_SIGN = r"[ \t\u00a0\u202f./\-\u2010-\u2015]"
_DIGITS = re.compile(rf"(?<![\w.,:#§])\+?\(?\d(?:{_SIGN}{{0,2}}(?:[()]{_SIGN}?)?\d){{1,40}}+(?!\w)")
_COUNTED = re.compile(
    r"\b(?:p|pp|pages?|steps?|chapters?|verses?|no|nos|room|seiten?|p\u00e1ginas?)\.? ?$", re.IGNORECASE
)
_DATE = re.compile(
    r"(?<![\d./-])(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:18|19|20|21)?\d{2})(?:T\d\d)?(?![\d/-]|\.\d)"
)
_HOUR = r"(?:[01]?\d|2[0-4])[.:h][0-5]\d"
_HOURS = re.compile(rf"(?<![\d.]){_HOUR}(?:\s?{_SIGN}\s?{_HOUR})?(?![.]?\d)")
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d")
_CLOCK = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d")
_BOOK = re.compile(r"97[89]\d{10}")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Sr|Sra|Mme|Monsieur|Madame)\.? [A-Z\u00c0-\u00de]\w+")
_CAPITALISED = re.compile(r"\b([A-Z\u00c0-\u00de][\w'\u2019-]+)(?= ([A-Z\u00c0-\u00de][\w'\u2019-]+))")
_JOINING_WORDS = "a and at by der des for from in la le no of on the to und van von y"
_BETWEEN = frozenset(_JOINING_WORDS.split())
_DAYS_AND_MONTHS = """
al-anon april august coda december february friday january july june march may monday november october saturday
september step steps sunday thursday tuesday wednesday
"""
_NO_LAST_NAMES = frozenset(_DAYS_AND_MONTHS.split())


def in_display_name(name: str) -> frozenset[Exposure]:
    """What a name that a group will see could tell. Two words that are no initials look like a first and a last name."""
    words = [word for word in _NAME_WORD.findall(name) if len(word.rstrip(".")) > 1 and not word.endswith(".")]
    plain = {word.casefold() for word in words} & _BETWEEN
    found = _contacts(name)
    return found | {Exposure.FULL_NAME} if len(words) > 1 and not plain and Exposure.EMAIL not in found else found


def in_words(text: str) -> frozenset[Exposure]:
    """What a written share could tell: a common first name with another capitalised word, or a title with one."""
    pairs = ((bare(match[1]), bare(match[2])) for match in _CAPITALISED.finditer(text))
    is_named = any(first in FIRST_NAMES and last not in _NO_LAST_NAMES | FIRST_NAMES for first, last in pairs)
    found = _contacts(text)
    return found | {Exposure.FULL_NAME} if is_named or _TITLED.search(text) else found


def _contacts(text: str) -> frozenset[Exposure]:
    found = {Exposure.EMAIL} if _EMAIL.search(text) else set()
    without_times = _HOURS.sub(" - ", _DATE.sub(" - ", text))
    numbers = _DIGITS.finditer(without_times)
    if any(
        _is_telephone(one[0]) and not _COUNTED.search(without_times, max(0, one.start() - 12), one.start())
        for one in numbers
    ):
        found.add(Exposure.TELEPHONE)
    return frozenset(found)


def _is_telephone(written: str) -> bool:
    """Whether digits with signs between them are written the way telephone numbers are, in whatever country."""
    groups = re.findall(r"\d+", written)
    digits = "".join(groups)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or _BOOK.fullmatch(digits):
        return False
    if written.startswith("+"):
        return True
    if _are_years_or_hours(groups):
        return False
    return written.startswith(("00", "(0")) or not (_is_a_sum(groups) or _are_small_numbers(groups))


def _is_a_sum(groups: list[str]) -> bool:
    """Round thousands: 1 000 000 or 2.500.000."""
    return all(len(group) == 3 for group in groups[1:]) and groups[-1] == "000"  # noqa: PLR2004  thousands


def _are_years_or_hours(groups: list[str]) -> bool:
    return all(_YEAR.fullmatch(group) for group in groups) or all(_CLOCK.fullmatch(group) for group in groups)


def _are_small_numbers(groups: list[str]) -> bool:
    """Pages, steps, days: below a hundred, or rising one by one. Pairs that begin with 0 are a telephone number."""
    values = [int(group) for group in groups]
    rises = len(values) > 1 and all(after - before == 1 for before, after in pairwise(values))
    is_in_pairs = all(len(group) == 2 for group in groups) and groups[0].startswith("0")  # noqa: PLR2004
    return rises or (all(value < 100 for value in values) and not is_in_pairs)  # noqa: PLR2004
