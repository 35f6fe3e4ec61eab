"""What may not stand in a text that people read (control characters, marks that turn the direction), and how texts compare."""

import re
import unicodedata

from groupsite.domain.errors import InvalidInput

_DIRECTION_MARKS = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}
"""They make a name read as another one (Unicode TR 36, 3.1)."""
_UNACCENTED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters whose stroke is no accent for Unicode."""
_LINE_BREAKS = {"\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"}


def unusable_character(text: str, *, lines: bool = False) -> str | None:
    """What is wrong with the first character that may not stand in a text, in words, or None.

    With `lines` a line feed and a tab are allowed.
    """
    for character in text:
        if lines and character in "\n\t":
            continue
        if character in _LINE_BREAKS:
            return "a line break"
        if character in _DIRECTION_MARKS:
            return f"an invisible direction mark (U+{ord(character):04X})"
        if unicodedata.category(character) in {"Cc", "Cs"}:
            return f"an invisible control character (U+{ord(character):04X})"
    return None


def refuse_unfit(field: str, text: str, longest: int, *, lines: bool = False) -> None:
    """Raises InvalidInput for `field` when the text is too long, or has what may not stand in it."""
    if len(text) > longest:
        raise InvalidInput(field, f"Please keep it to {longest} characters.")
    found = unusable_character(text, lines=lines)
    if found:
        raise InvalidInput(field, f"Please take out {found}.")


def without_unusable_characters(text: str, *, lines: bool = False) -> str:
    """The text with line breaks as line feeds (or, without `lines`, as spaces) and without what may not stand in it."""
    unified = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    if not lines:
        unified = re.sub(r"\s+", " ", unified)
    return "".join(one for one in unified if unusable_character(one, lines=lines) is None)


def bare(text: str) -> str:
    """The text as it is compared: small letters, without accents."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in apart if not unicodedata.combining(character)).translate(_UNACCENTED)
