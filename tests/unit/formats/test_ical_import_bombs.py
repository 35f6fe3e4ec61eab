"""Whatever is pasted is refused in words, or read, within 2 s of CPU and 64 MiB."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.bombs import BOMBS, Outcome

ROOT = Path(__file__).parents[3]
HARMLESS = {
    "changes by days", "changes by months", "changes of a counted rule", "repeating alarm", "folded line", "quotes", "links",
    "commas",
}  # fmt: skip
"""What is cut or left out in them is not needed for the dates."""


@cache
def outcomes() -> dict[str, Outcome]:
    """Each bomb in a child of one process, because only there limits can be set without harm."""
    run = subprocess.run([sys.executable, "-m", "tests.bombs"], cwd=ROOT, check=True, capture_output=True, text=True)
    return {one["name"]: Outcome(**one) for one in json.loads(run.stdout)}


@pytest.mark.parametrize("name", [name for name in BOMBS if name not in HARMLESS])
def test_bomb_is_refused_in_words(name: str) -> None:
    said = outcomes()[name].said
    assert said
    assert [reason for reason in said if not reason.endswith(".") or reason.startswith("It died")] == []


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_harmless_bomb_is_read_within_the_limits(name: str) -> None:
    assert outcomes()[name].said == [""]
