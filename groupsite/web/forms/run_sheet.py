"""Buttons of the run sheet: which one, on what the person had on screen, and when it was pressed."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from groupsite.domain.errors import InvalidInput
from groupsite.queries.run_sheets import Meeting
from groupsite.services import run_sheets

MOST_DIGITS = 14


class Press:
    """One button. Raises InvalidInput for what no button of the page sends."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields

    @property
    def version(self) -> int:
        """What the person had on screen."""
        return self._whole("version")

    def carry_out(self, session: Session, meeting: Meeting, *, now: datetime) -> None:
        """Raises Conflict when somebody else was first."""
        version = self.version
        match self.fields.get("do"):
            case "go":
                run_sheets.go(session, meeting, self._whole("to"), version=version, said_at=self._said_at(), now=now)
            case "quiet":
                run_sheets.quiet(session, meeting, version=version, said_at=self._said_at(), now=now)
            case "speak":
                run_sheets.end_quiet(session, meeting, version=version)
            case "newcomer" | "nobody_new" as said:
                run_sheets.say_newcomer(session, meeting, is_here=said == "newcomer", version=version)
            case "reader":
                position, name = self._whole("position"), self.fields.get("reader", "")
                run_sheets.set_reader(session, meeting, position, name, version=version)
            case _:
                raise InvalidInput("do", "Please use the buttons on the page.")

    def _said_at(self) -> datetime | None:
        """When the telephone says that the button was pressed: milliseconds of Unix time."""
        if not self.fields.get("at"):
            return None
        try:
            return datetime.fromtimestamp(self._whole("at") / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    def _whole(self, name: str) -> int:
        typed = self.fields.get(name, "")
        if not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS):
            raise InvalidInput(name, "Please use the buttons on the page.")
        return int(typed)
