"""Writes requirements/ anew from pyproject.toml and package.json, every package pinned with its hashes; `--check` says whether
they still fit."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from dev import javascript
from dev.programs import program

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
RUN = ROOT / "requirements" / "run.txt"
DEV = ROOT / "requirements" / "dev.txt"
PROGRAMS = ROOT / "requirements" / "programs.txt"
NAME = re.compile(r"^([A-Za-z0-9._-]+)")
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==", re.MULTILINE)
ENTRY = re.compile(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==.*?(?=^[a-z]|\Z)", re.MULTILINE | re.DOTALL)


def main() -> None:
    if "--check" in sys.argv:
        project = tomllib.loads(PROJECT.read_text())
        ours, groups = project["project"]["dependencies"], project["dependency-groups"]
        asked = {RUN: ours, DEV: [*ours, *groups["dev"]], PROGRAMS: groups["programs"]}
        problems = [problem for lock, names in asked.items() for problem in _problems(lock, _spelt_as_in_locks(names))]
        problems += _problems_of_javascript(javascript.ASKED.read_text(), javascript.LOCK.read_text())
        if problems:
            raise SystemExit("\n".join([*problems, "Write the locks anew: make lock"]))
        return
    _compile(RUN, str(PROJECT))
    _compile(DEV, str(PROJECT), "--group", "dev", "-c", str(RUN))
    _compile(PROGRAMS, "--group", "programs")
    javascript.lock(program("npm"))


def _compile(target: Path, *asked: str) -> None:
    command = [
        str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", *asked, "--generate-hashes",
        "--no-emit-index-url", "--no-header", "--python-version", "3.11", "--output-file", str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)


def _spelt_as_in_locks(asked: list[str]) -> set[str]:
    return {_spelt(found[1]) for one in asked if (found := NAME.match(one))}


def _problems(lock: Path, declared: set[str]) -> list[str]:
    text = lock.read_text()
    pinned = {_spelt(name) for name in PIN.findall(text)}
    problems = [f"{lock.name}: {name} is not pinned" for name in sorted(declared - pinned)]
    problems += [
        f"{lock.name}: {entry.split('=')[0]} has no hash" for entry in ENTRY.findall(text) if "--hash" not in entry
    ]
    if "://" in text:
        problems.append(f"{lock.name}: there is a download address in it")
    return problems


def _problems_of_javascript(asked: str, locked: str) -> list[str]:
    packages = json.loads(locked)["packages"]
    problems = [f"javascript: {name} has no hash" for name, one in packages.items() if name and "integrity" not in one]
    if packages[""]["dependencies"] != json.loads(asked)["dependencies"]:
        problems.append("javascript: the lock is of other libraries than package.json asks for")
    if "://" in locked:
        problems.append("javascript: there is a download address in the lock")
    return problems


def _spelt(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
