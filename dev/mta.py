"""A mail server of the real kind for the tests: chasquid, which needs no rights and no place of its own on the machine."""

from pathlib import Path

from dev import debian

NAME = "chasquid"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "mta"
UNPACKED = FOLDER / "usr" / "bin" / NAME


def mta_path() -> str:
    """The program to start. Raises SystemExit with what to install when there is none."""
    found = debian.program(NAME, UNPACKED)
    if found is None:
        raise SystemExit(f"There is no mail server. Install one (Debian, as root: apt-get install {NAME}).")
    return found


def install() -> None:
    """Unpack Debian's package, which starts nothing and takes no other mail server away."""
    if debian.program(NAME, UNPACKED):
        return
    print("Unpacking a mail server for the tests ...", flush=True)
    debian.unpack([NAME], FOLDER)
