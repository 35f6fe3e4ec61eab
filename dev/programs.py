"""Calendar programs that people use, in an environment of their own: they want other versions of what we use too.

`python -m dev.programs` installs what requirements/programs.txt locks, once for each lock, the JavaScript libraries, libical
and a mail server.
"""

import subprocess
import sys
import venv
from pathlib import Path

from dev import javascript, libical, mta

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "programs.txt"
FOLDER = ROOT / ".venv" / "programs"
READY = FOLDER / ".ready"


def program(name: str) -> str:
    """The program to start: khal, vdirsyncer, radicale, node, npm. Raises SystemExit with what to run when it is not there."""
    found = FOLDER / "bin" / name
    if not found.exists():
        raise SystemExit(f"{name} is not installed yet. Install it: .venv/bin/python -m dev.programs")
    return str(found)


def install() -> None:
    """Bring the environment to what the lock says."""
    if READY.exists() and READY.read_text() == LOCK.read_text():
        return
    print("Installing the calendar programs of requirements/programs.txt ...", flush=True)
    venv.EnvBuilder(clear=True, symlinks=True).create(FOLDER)
    command = [
        sys.executable, "-m", "pip", "--python", str(FOLDER / "bin" / "python"), "install", "--quiet",
        "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK),
    ]  # fmt: skip
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    READY.write_text(LOCK.read_text())


if __name__ == "__main__":
    install()
    javascript.install(program("npm"))
    libical.install()
    mta.install()
