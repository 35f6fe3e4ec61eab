"""How a mail server can treat a mail, by the first word of the address it is for; each is a row of F7."""

from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """What happens once the final dot has come."""

    TAKE = "take"
    DROP = "drop"
    """Kept, and the line is cut before the answer."""
    STALL = "stall"
    """Kept, and no answer comes for longer than a sender waits."""
    DRIP = "drip"
    """Kept, and the answer comes letter by letter."""
    CUT = "cut"
    """The line is cut in the middle of the body: nothing is kept."""


@dataclass(frozen=True, slots=True)
class Mood:
    """`times` is for how many attempts it lasts (0: for ever), `lasts` for how many minutes of the application's clock."""

    at_recipient: str = ""
    at_dot: str = ""
    ending: Ending = Ending.TAKE
    times: int = 1
    lasts: float = 0.0


FOR_EVER = 0
MOODS = {
    "calm": Mood(),
    "busy421": Mood(at_recipient="421 4.3.2 going down"),
    "busy450": Mood(at_recipient="450 4.2.0 in use"),
    "busy451": Mood(at_dot="451 4.3.0 local trouble"),
    "full452": Mood(at_recipient="452 4.3.1 no room now", times=2),
    "grey": Mood(at_recipient="451 4.7.1 greylisted", lasts=5.0),
    "nobody": Mood(at_recipient="550 5.1.1 no such person", times=FOR_EVER),
    "large": Mood(at_dot="552 5.2.3 too large", times=FOR_EVER),
    "unwanted": Mood(at_dot="554 5.7.1 not wanted", times=2),
    "drop": Mood(ending=Ending.DROP),
    "droptwice": Mood(ending=Ending.DROP, times=FOR_EVER),
    "cut": Mood(ending=Ending.CUT),
    "stall": Mood(ending=Ending.STALL),
    "drip": Mood(ending=Ending.DRIP, times=FOR_EVER),
}


def mood_of(recipient: str) -> Mood:
    return MOODS.get(recipient.partition("-")[0], MOODS["calm"])
