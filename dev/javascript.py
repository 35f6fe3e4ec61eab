"""The JavaScript libraries of requirements/javascript, whose lock says their hashes; node and npm are of dev/programs.py."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / "requirements" / "javascript"
ASKED, LOCK = LOCKED / "package.json", LOCKED / "package-lock.json"
FOLDER = ROOT / ".venv" / "javascript"
READY = FOLDER / ".ready"


def library(name: str, file: str) -> str:
    """A file of a library. Raises SystemExit with what to run when it is not there."""
    found = FOLDER / "node_modules" / name / file
    if not found.exists():
        raise SystemExit(f"{name} is not installed yet. Install it: .venv/bin/python -m dev.programs")
    return str(found)


def install(npm: str) -> None:
    """Bring the libraries to what the lock says, once for each lock."""
    if READY.exists() and READY.read_text() == LOCK.read_text():
        return
    print("Installing the libraries of requirements/javascript ...", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for file in (ASKED, LOCK):
        shutil.copy(file, FOLDER)
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], FOLDER)
    READY.write_text(LOCK.read_text())


def lock(npm: str) -> None:
    """Write the lock anew; no address of a registry goes into it."""
    _run([npm, "install", "--package-lock-only", "--omit-lockfile-registry-resolved=true", "--no-audit", "--no-fund",
          "--loglevel=error"], LOCKED)  # fmt: skip


def _run(command: list[str], where: Path) -> None:
    done = subprocess.run(command, check=False, cwd=where, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(done.returncode)
