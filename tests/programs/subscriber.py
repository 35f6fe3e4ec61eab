"""A person who subscribes with vdirsyncer, which fetches, and looks with khal, which reads."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dev.programs import program

FETCHED = """
[pair {name}]
a = "{name}_here"
b = "{name}_there"
collections = null
conflict_resolution = "b wins"

[storage {name}_here]
type = "filesystem"
path = "{place}"
fileext = ".ics"

[storage {name}_there]
type = "http"
url = "{address}"
"""
LOOK = """
[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M

[sqlite]
path = {folder}/seen-in-{number}.db

[calendars]
"""
LINE = "{calendar}|{start-long}|{end-long}|{cancelled}|{title}"


@dataclass(frozen=True, order=True)
class Seen:
    """One line of khal's list; times in UTC."""

    calendar: str
    start: datetime
    end: datetime
    is_cancelled: bool
    title: str


@dataclass(frozen=True)
class Subscriber:
    """Her own folder, and the addresses she subscribes to by a name for each."""

    folder: Path
    addresses: dict[str, str]

    def sync(self) -> str:
        """Fetch everything anew; what vdirsyncer said. Raises AssertionError when it fails."""
        for name in self.addresses:
            (self.folder / name).mkdir(exist_ok=True)
        pairs = [
            FETCHED.format(name=name.replace("-", "_"), place=self.folder / name, address=address)
            for name, address in self.addresses.items()
        ]
        settings = self.folder / "vdirsyncer"
        settings.write_text(f'[general]\nstatus_path = "{self.folder}/status"\n' + "".join(pairs))
        return "".join(_run("vdirsyncer", "-c", str(settings), verb) for verb in ("discover", "sync"))

    def look(self, first: date, last: date, zone: str) -> set[Seen]:
        """What khal lists from the first day to the last, to somebody whose clocks are set to `zone`."""
        settings = self.folder / "khal"
        words = LOOK.format(zone=zone, folder=self.folder, number=zone.replace("/", "-"))
        settings.write_text(words + "".join(f"[[{name}]]\npath = {self.folder}/{name}\n" for name in self.addresses))
        listed = _run(
            "khal", "-c", str(settings), "list", "--day-format", "", "--format", LINE, str(first), str(last)
        )  # fmt: skip
        return {_seen(line, ZoneInfo(zone)) for line in listed.splitlines() if line.strip()}


def _run(name: str, *arguments: str) -> str:
    done = subprocess.run([program(name), *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _seen(line: str, zone: ZoneInfo) -> Seen:
    calendar, start, end, cancelled, title = line.split("|", 4)
    return Seen(calendar, _moment(start, zone), _moment(end, zone), "CANCELLED" in cancelled, title.strip())


def _moment(local: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
