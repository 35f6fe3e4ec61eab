"""libfaketime, which gives a process another clock: the machine's, else Debian's unpacked."""

from pathlib import Path

from dev import debian

NAME = "libfaketime"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "faketime"
PLACES = (Path("/usr"), FOLDER / "usr")
FOUND = "lib/*/faketime/libfaketime.so.1"


def faketime() -> Path:
    """The library to load first. Raises SystemExit with what to install when there is none."""
    if not _found():
        print("Unpacking libfaketime for the fault run ...", flush=True)
        debian.unpack([NAME], FOLDER)
    found = _found()
    if not found:
        raise SystemExit(f"There is no libfaketime. Install it (Debian, as root: apt-get install {NAME}).")
    return found[0]


def _found() -> list[Path]:
    return [path for place in PLACES for path in sorted(place.glob(FOUND))]
