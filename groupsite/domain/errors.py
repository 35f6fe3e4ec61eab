"""What can go wrong, in words for people. `web/errors.py` turns these into pages, `cli` into exit codes."""

from dataclasses import dataclass


class DomainError(Exception):
    """A refusal that its reader can do something about; the message says what."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(DomainError):
    """The identity may not do this (HTTP 403, or 404 where existence itself is private)."""


class NotFound(DomainError):
    """There is no such thing, or this reader must not learn that there is (HTTP 404)."""


class Conflict(DomainError):
    """Somebody else's state stands in the way: a name is taken, a group is full (HTTP 409)."""


class Expired(DomainError):
    """It was there and is gone on purpose: a used link, a revoked feed (HTTP 410)."""


class InvalidInput(DomainError):
    """One field is wrong. `field` is a form field's name or a path in a file, `reason` a whole sentence (HTTP 400)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: where (`groups[3].series[0].rrule`) and why, as a whole sentence."""

    path: str
    reason: str


class InvalidFile(InvalidInput):
    """A file was refused. `problems` holds all that were found, up to a cap, in the order of the file; never empty."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].path, problems[0].reason)
        self.problems = problems
        self.message = "\n".join(f"{problem.path}: {problem.reason}" for problem in problems)
