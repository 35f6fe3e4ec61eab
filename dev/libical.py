"""libical, the C library with which Evolution, KOrganizer and Cyrus read calendars: the machine's, else Debian's unpacked."""

from contextlib import suppress
from ctypes import CDLL, RTLD_GLOBAL
from ctypes.util import find_library
from pathlib import Path

from dev import debian

NAMES = ["libical3", "libical3t64"]
"""Debian's package; since Debian 13 under its second name."""
MAJOR = 3
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "libical"
UNICODE = ("libicudata.so.*", "libicuuc.so.*", "libicui18n.so.*")
"""What it needs beside the C and C++ libraries, each after what it needs itself."""


def libical() -> CDLL:
    """The library. Raises SystemExit with what to install when there is none."""
    with suppress(OSError, IndexError):
        return _loaded()
    raise SystemExit(f"There is no libical. Install it (Debian, as root: apt-get install {NAMES[0]}).")


def install() -> None:
    """Unpack Debian's package, and ICU where the machine has none."""
    if _is_there():
        return
    print("Unpacking libical for the tests ...", flush=True)
    debian.unpack(NAMES, FOLDER)
    if not _is_there():
        debian.unpack([need for name in NAMES for need in debian.needs(name) if need.startswith("libicu")], FOLDER)


def _is_there() -> bool:
    with suppress(OSError, IndexError):
        _loaded()
        return True
    return False


def _loaded() -> CDLL:
    named = find_library("ical")
    if named and named.endswith(f".so.{MAJOR}"):
        return CDLL(named)
    for pattern in UNICODE:
        for found in _unpacked(pattern):
            CDLL(str(found), mode=RTLD_GLOBAL)
    return CDLL(str(_unpacked(f"libical.so.{MAJOR}")[0]))


def _unpacked(pattern: str) -> list[Path]:
    return sorted(FOLDER.glob(f"usr/lib/*/{pattern}"), key=lambda path: len(path.name))[:1]
