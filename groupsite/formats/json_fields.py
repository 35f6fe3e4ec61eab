"""The keys of one JSON object, read by name; what is wrong is noted with its path, and what nobody asked for is refused."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from groupsite.formats.json_reader import ObjectWithRepeats, Problems
from groupsite.formats.json_values import Parser, Wrong, shown

Value = TypeVar("Value")
Default = TypeVar("Default")


class Fields:
    """One JSON object at `path` ("" for the root). Read every known key, then call `finish`."""

    def __init__(self, value: Any, path: str, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()
        self._object: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            problems.add(path, f"This must be an object in curly brackets, not {shown(value)}.")
        if isinstance(value, ObjectWithRepeats):
            for key in value.repeated:
                self.refuse(key, "This key stands twice in the same object, and only one of them can count.")

    def at(self, key: str) -> str:
        """The path of a key."""
        name = key if re.fullmatch(r"[\w\[\]-]{1,60}", key) else shown(key)
        return f"{self.path}.{name}" if self.path else name

    def refuse(self, key: str, reason: str) -> None:
        self.problems.add(self.at(key), reason)

    def raw(self, key: str) -> Any:
        """The value as it stands there; None if the key is missing, null or an empty text."""
        self._asked.add(key)
        value = self._object.get(key)
        return None if value == "" else value

    def has_any(self, *keys: str) -> bool:
        return any(key in self._object for key in keys)

    def need(self, key: str, parser: Parser[Value]) -> Value:
        """The value of a key that must be there."""
        value = self.raw(key)
        if value is None:
            self.refuse(key, "This is missing.")
            return parser.placeholder
        return self.parsed(key, value, parser)

    def given(self, key: str, parser: Parser[Value], default: Default) -> Value | Default:
        """The value, or the default if the key is missing, null or an empty text."""
        value = self.raw(key)
        return default if value is None else self.parsed(key, value, parser)

    def each(self, key: str, parser: Parser[Value], most: int) -> tuple[Value, ...]:
        """The values of a list of `most` entries at most; empty if it is missing or null."""
        return tuple(self.parsed(f"{key}[{index}]", item, parser) for index, item in self._listed(key, most))

    def nested(self, key: str) -> "Fields | None":
        """The object under the key, or None if it is missing or null."""
        value = self.raw(key)
        return None if value is None else Fields(value, self.at(key), self.problems)

    def objects(self, key: str, most: int) -> "Iterator[Fields]":
        """The objects of a list of `most` entries at most."""
        for index, item in self._listed(key, most):
            yield Fields(item, self.at(f"{key}[{index}]"), self.problems)

    def entries(self, key: str) -> dict[str, Any]:
        """The pairs of an object whose keys are no fixed names."""
        fields = self.nested(key)
        return fields._object if fields else {}

    def finish(self, *ignored: str) -> None:
        """Refuses every key that nobody asked for, except the ignored ones."""
        for key in self._object:
            if key not in self._asked and key not in ignored:
                self.refuse(key, f"There is no such key here. Known are: {', '.join(sorted(self._asked))}.")

    def parsed(self, key: str, value: Any, parser: Parser[Value]) -> Value:
        """One value under a key that the caller took apart itself; the key only makes the path."""
        try:
            return parser.read(value)
        except Wrong as wrong:
            self.refuse(key, str(wrong))
            return parser.placeholder

    def _listed(self, key: str, most: int) -> list[tuple[int, Any]]:
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, f"This must be a list in square brackets, not {shown(value)}.")
            return []
        if len(value) > most:
            self.refuse(key, f"This list may have {most} entries at most; it has {len(value)}.")
            return []
        return list(enumerate(value))
