"""What one member has said about the dates of one series: about some of them, and perhaps about all the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from groupsite.domain.words import Answer


@dataclass(frozen=True, slots=True)
class Answers:
    """`by_date` by original wall-clock start, None for a date that is left open; `usual` holds for every other date."""

    by_date: Mapping[datetime, Answer | None] = field(default_factory=dict)
    usual: Answer | None = None

    def about(self, original_local: datetime) -> Answer | None:
        return self.by_date.get(original_local, self.usual)


NO_ANSWERS = Answers()
