"""A worker process of the speed table: sends all that is due at a moment. `python -m bench.sender DATABASE_URL PORT MOMENT`

It says that it is ready, waits for a line, and says how much it has sent.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from groupsite.extensions import MARKS_OPTIONS
from groupsite.mail.transport import transport_for
from groupsite.mail.vault import Vault
from groupsite.services import sending
from groupsite.services.calendars import Site as Names
from groupsite.services.desk import Desk

SENDER = "notes@bench.invalid"
DESK = Desk(Names("dates.invalid", "https://bench.invalid", "Dates"), SENDER, Vault("for the speed table alone"))


def main() -> None:
    url, port, moment = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
    engine, marks = create_engine(url), create_engine(url, **MARKS_OPTIONS)

    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    engine.connect().close()
    print("ready", flush=True)
    sys.stdin.readline()
    sent, transport = 0, transport_for(f"smtp://127.0.0.1:{port}")
    while more := sending.deliver(begin, marks.connect, transport, DESK, lambda: moment).counts.get("sent", 0):
        sent += more
    print(sent, flush=True)


if __name__ == "__main__":
    main()
