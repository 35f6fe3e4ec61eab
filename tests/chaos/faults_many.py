"""F10: more of everything than there should be."""

from tests.chaos.audit import Audit, audit
from tests.chaos.house import House
from tests.chaos.people import crowd
from tests.chaos.size import Size
from tests.chaos.stage import set_up

LIMIT = 150.0
PLANNERS = 5
BEATS = (2, 5)
"""Of the first stack and of the second; F5 is the run with none."""


def crowded(house: House, size: Size) -> Audit:
    """Five planners at once, then two whole stacks on one database, each with a queue of its own and with too many beats."""
    with set_up(house, "f10", size.chance("f10")) as stage:
        stage.settle(crowd(stage.chance, size.reminders, since=stage.now(), until=stage.later(20), groups=20))
        planners = [stage.job("plan") for _ in range(PLANNERS)]
        codes = [one.wait(LIMIT) for one in planners]
        for number, beats in enumerate(BEATS[:1] if size.is_small else BEATS):
            queue = house.valkey.url(number + 1)
            stage.worker(REDIS_URL=queue)
            for _ in range(beats):
                stage.beat(REDIS_URL=queue)
        stage.drain(seconds=LIMIT)
        found = audit(stage, extras_at_most=0)
        found.expect(codes == [0] * PLANNERS, f"planners ended with {codes}")
        return found
