"""One job of the application in a process of its own, as often as asked: `python -m tests.chaos.job deliver 1`."""

import sys

from tests.chaos.clockwork import build


def main(job: str, times: int) -> None:
    celery = build().extensions["celery"]
    for _ in range(times):
        celery.tasks[f"groupsite.{job}"]()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
