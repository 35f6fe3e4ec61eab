"""Jobs of the application in a process of their own: `python -m tests.chaos.job plan,deliver [MOMENT ...]`.

Once by the clock that the environment tells, or one time at each moment (ISO), one after the other.
"""

import sys
from collections.abc import Sequence
from datetime import datetime

from tests.chaos.clockwork import build


def main(jobs: Sequence[str], moments: Sequence[datetime]) -> None:
    shown = list(moments[:1])
    celery = build((lambda: shown[0]) if moments else None).extensions["celery"]
    for number in range(max(1, len(moments))):
        shown[:] = moments[number : number + 1]
        for job in jobs:
            celery.tasks[f"groupsite.{job}"]()


if __name__ == "__main__":
    main(sys.argv[1].split(","), [datetime.fromisoformat(one) for one in sys.argv[2:]])
