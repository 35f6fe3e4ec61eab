"""An SMTP server that takes everything and keeps nothing, written in C: Postfix's smtp-sink, the machine's or Debian's unpacked."""

import os
from pathlib import Path

from dev import debian

NAME = "smtp-sink"
PACKAGE = "postfix"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "smtp-sink"
UNPACKED = FOLDER / "usr" / "sbin" / NAME
LIBRARIES = FOLDER / "usr" / "lib" / "postfix"
BACKLOG = "1000"


def install() -> None:
    """Unpack Debian's package, which starts nothing and takes no other mail server away."""
    if debian.program(NAME, UNPACKED):
        return
    print("Unpacking an SMTP sink for the speed table ...", flush=True)
    debian.unpack([PACKAGE], FOLDER)


def command(port: int) -> tuple[list[str], dict[str, str]]:
    """What to start so that it listens there, and in which environment. Raises SystemExit with what to install."""
    found = debian.program(NAME, UNPACKED)
    if found is None:
        raise SystemExit(f"There is no SMTP sink. Install one (Debian, as root: apt-get install {PACKAGE}).")
    gives_up_root = ["-u", "nobody"] if os.geteuid() == 0 else []
    environment = os.environ | {"LD_LIBRARY_PATH": str(LIBRARIES)}
    return [found, *gives_up_root, f"127.0.0.1:{port}", BACKLOG], environment
