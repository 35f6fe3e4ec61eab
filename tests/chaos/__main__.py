"""`make chaos`: every fault of the catalogue against real processes, a row for each; ends with 1 if one fails.

`--seed N` makes the same choices again, `--only F1 F6` runs some, `--full` is rollout and storm with 100,000 reminders each.
"""

import argparse
import secrets
import signal
import sys

from dev.faketime import faketime
from tests.chaos import report
from tests.chaos.catalogue import AT_LENGTH, CATALOGUE
from tests.chaos.house import open_house
from tests.chaos.size import usual


def main() -> int:
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that whatever was started is ended
    size = usual(asked.seed)
    chosen = [one for one in (AT_LENGTH if asked.full else CATALOGUE) if not asked.only or one[0] in asked.only]
    faketime()
    print(f"seed {asked.seed}", flush=True)
    print(report.heading(), flush=True)
    rows = []
    with open_house() as house:
        for fault, name, scenario in chosen:
            rows.append(report.run(fault, name, scenario, house, size))
            print(report.line(rows[-1]), flush=True)
    if asked.markdown:
        print(report.markdown(rows))
    bad = [row for row in rows if not row.holds]
    print(f"{len(rows) - len(bad)} of {len(rows)} hold; {sum(row.seconds for row in rows):.0f} s; seed {asked.seed}")
    return 1 if bad else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--only", nargs="+", default=[], metavar="FAULT")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="print the table for the docs too")
    return parser.parse_args()


sys.exit(main())
