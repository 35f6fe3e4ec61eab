"""How large a fault run is: a small one for `make test`, the usual one, and a full one for the record."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`seed` makes the same crowd and the same choices again; what the machine does in between stays its own."""

    seed: int
    reminders: int
    """In a storm; smaller scenarios take a part of it."""
    kills: int
    races: int
    is_small: bool = False

    def chance(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")  # noqa: S311  no secret


def small(seed: int) -> Size:
    return Size(seed, reminders=100, kills=4, races=40, is_small=True)


def usual(seed: int) -> Size:
    return Size(seed, reminders=1500, kills=20, races=1500)
