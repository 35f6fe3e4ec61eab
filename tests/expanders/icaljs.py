"""ical.js in node: one run for many calendars."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from dev.javascript import library
from dev.programs import program
from tests.expanders.reading import Date, Window, inside, moment, with_unknown_zones

SCRIPT = Path(__file__).with_suffix(".mjs")


def icaljs(calendars: Sequence[bytes], window: Window) -> list[list[Date]]:
    asked = {
        "calendars": [with_unknown_zones(calendar).decode() for calendar in calendars],
        "first": window[0].timestamp(),
        "last": window[1].timestamp(),
    }
    done = subprocess.run(
        [program("node"), str(SCRIPT), library("ical.js", "dist/ical.js")],
        input=json.dumps(asked), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        inside([Date(moment(start), moment(end), is_off, title) for start, end, is_off, title in dates], window)
        for dates in json.loads(done.stdout)
    ]
