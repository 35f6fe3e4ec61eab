"""How a group has chosen to write: held first or not, a nudge while writing, its own line, a topic for each weekday."""

from dataclasses import dataclass
from datetime import date

from groupsite.domain.errors import InvalidInput
from groupsite.domain.plain_text import refuse_unfit

LONGEST_LINE = 200
LONGEST_TOPIC = 80
WEEKDAYS = 7
STAYS_HERE = "What you read here stays here. Please do not copy it, quote it or tell it on."


@dataclass(frozen=True, slots=True)
class Sharing:
    """`topics` has one line for each weekday from Monday on, or is empty; an empty line is the meeting's own kind."""

    holds_first: bool = False
    nudges: bool = True
    own_line: str = ""
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Turns the list that a database holds into a tuple; seven empty lines say nothing."""
        topics = tuple(self.topics)
        object.__setattr__(self, "topics", topics if any(topics) else ())

    @property
    def line(self) -> str:
        """The first thing on paper, and in what somebody copies."""
        return self.own_line or STAYS_HERE

    def topic_on(self, day: date) -> str:
        """The group's own topic of that weekday, or nothing."""
        return self.topics[day.weekday()] if self.topics else ""

    def checked(self) -> "Sharing":
        """The same, tidied. Raises InvalidInput for `own_line`, `topics`."""
        if len(self.topics) not in {0, WEEKDAYS}:
            raise InvalidInput("topics", "Please give a topic for each of the seven days, or none.")
        topics = tuple(_checked(topic, "topics", LONGEST_TOPIC) for topic in self.topics)
        return Sharing(self.holds_first, self.nudges, _checked(self.own_line, "own_line", LONGEST_LINE), topics)


USUAL = Sharing()


def _checked(text: str, field: str, longest: int) -> str:
    line = text.strip()
    refuse_unfit(field, line, longest)
    return line
