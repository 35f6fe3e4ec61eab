"""Each control of docs/threat-model.md names the tests that prove it, and they are there; or says that and why there are none."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text()
CONTROLS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
WITHOUT_A_TEST = re.compile(r"(Does not apply|Not yet): \w[^|]{15,}")


@cache
def _named_in(path: Path) -> frozenset[str]:
    return frozenset(one.name for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.FunctionDef))


def test_there_are_forty_four_controls() -> None:
    assert [int(number) for number, _, _ in CONTROLS] == list(range(1, 45))


@pytest.mark.parametrize(("number", "_control", "proof"), CONTROLS, ids=[number for number, _, _ in CONTROLS])
def test_control_is_proved_or_says_why_not(number: str, _control: str, proof: str) -> None:
    tests = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", proof)
    assert tests or WITHOUT_A_TEST.search(proof)
    gone = [f"{file}::{name}" for file, name in tests if name and name not in _named_in(TESTS / file)]
    assert gone == []
    assert [file for file, _ in tests if not (TESTS / file).exists()] == []
