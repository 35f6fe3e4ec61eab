"""Makes `.venv` from the lock with nothing but Python: Debian keeps a part of it in a package of its own."""

import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
READY = VENV / ".ready"
OLDEST = (3, 11)


def main() -> None:
    if sys.version_info < OLDEST:
        raise SystemExit("Groupsite needs Python 3.11 or newer: make PYTHON=python3.11 ...")
    python = VENV / "bin" / "python"
    if not python.exists():
        _make()
    print("Installing what is locked in requirements/dev.txt (once; a minute or two) ...", flush=True)
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
         "-r", ROOT / "requirements" / "dev.txt")  # fmt: skip
    READY.touch()


def _make() -> None:
    if find_spec("ensurepip") is not None:
        venv.EnvBuilder(with_pip=True).create(VENV)
        return
    apt_get = shutil.which("apt-get")
    if apt_get is None or os.geteuid() != 0:
        raise SystemExit("This Python cannot make environments yet. On Debian, as root: apt-get install python3-venv")
    print("Installing python3-venv, which Debian keeps apart from Python ...", flush=True)
    _run(apt_get, "update", "-qq")
    _run(apt_get, "install", "-y", "-qq", "--no-install-recommends", "python3-venv")
    _run(sys.executable, "-m", "venv", VENV)


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
