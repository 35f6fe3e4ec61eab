"""A worker process to kill: the application's own deliver task, run once, at the moment given in the first argument."""

import sys
from datetime import datetime

from groupsite import create_app


def main() -> None:
    moment = datetime.fromisoformat(sys.argv[1])
    app = create_app(clock=lambda: moment)
    app.extensions["celery"].tasks["groupsite.deliver"]()


main()
