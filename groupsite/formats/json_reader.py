"""Reads JSON from outside: the limits of the file, then typed fields by path, collecting every problem instead of the first.

A field that is wrong is noted and gets a harmless placeholder so that reading goes on; whoever calls must end with
`Problems.stop_if_any`, and then no placeholder ever leaves.
"""

import json
from typing import Any, BinaryIO, NoReturn

from groupsite.domain.errors import InvalidFile, Problem

MAX_BYTES = 10 * 1024 * 1024
MAX_PROBLEMS = 20
MOST_DIGITS = 18
FILE = "file"
"""Path of what concerns the file as a whole."""


class Problems:
    """Collects what is wrong; raises `InvalidFile` by itself when `MAX_PROBLEMS` are there, so that no file costs much."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, reason: str) -> None:
        self.found.append(Problem(path or FILE, reason))
        if len(self.found) >= MAX_PROBLEMS:
            self.stop_if_any()

    def stop_if_any(self) -> None:
        """Raises InvalidFile if anything was noted."""
        if self.found:
            raise InvalidFile(tuple(self.found))


class ObjectWithRepeats(dict[str, Any]):
    """A JSON object that named a key twice: JSON readers disagree on which one counts, so we refuse both."""

    repeated: tuple[str, ...] = ()


class NotJson:
    """Stands where the file had NaN or Infinity, so that the refusal can name the path."""

    def __init__(self, word: str) -> None:
        self.word = word


def read_limited(stream: BinaryIO) -> bytes:
    """The bytes of a file, or InvalidFile when there are more than `MAX_BYTES`; never reads further than that."""
    raw = stream.read(MAX_BYTES + 1)
    _refuse_size(raw)
    return raw


def load(raw: bytes) -> Any:
    """The JSON value in these UTF-8 bytes (a byte order mark is accepted). Raises InvalidFile with path `file`."""
    _refuse_size(raw)
    try:
        return json.loads(_decode(raw), object_pairs_hook=_object, parse_constant=NotJson, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        _refuse(_broken(error))
    except RecursionError:
        _refuse("The file is nested too deeply: it has lists within lists hundreds of times over.")


def _refuse(reason: str) -> NoReturn:
    raise InvalidFile((Problem(FILE, reason),))


def _refuse_size(raw: bytes) -> None:
    if len(raw) > MAX_BYTES:
        _refuse(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Please split it into smaller files.")


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(f"The file is not UTF-8 text: line {line} holds a byte that cannot be read. Please save it as UTF-8.")


def _broken(error: json.JSONDecodeError) -> str:
    if not error.doc.strip():
        return "The file is empty."
    place = f"line {error.lineno}, column {error.colno}"
    if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return f"The file ends too early: something that was opened is not closed ({place}). Perhaps it was cut off?"
    return f"The file is not valid JSON at {place}: {error.msg}."


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = ObjectWithRepeats(plain)
    keys = [key for key, _ in pairs]
    marked.repeated = tuple(key for key in plain if keys.count(key) > 1)
    return marked


def _whole_number(digits: str) -> int | NotJson:
    return int(digits) if len(digits) <= MOST_DIGITS else NotJson(f"a number of more than {MOST_DIGITS} digits")
