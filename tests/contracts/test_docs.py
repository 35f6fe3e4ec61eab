"""Docs cannot drift: every setting, command and make target has its line, and every file that docs name is there."""

import re
from pathlib import Path

import pytest
from click import Group
from flask import Flask

from groupsite.cli import FEATURES
from groupsite.config import Settings

ROOT = Path(__file__).parent.parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
README = (ROOT / "README.md").read_text()
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_is_explained(name: str) -> None:
    assert f"| `{name.upper()}` |" in OPERATIONS


def test_no_setting_is_explained_that_is_gone() -> None:
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("feature", FEATURES)
def test_command_is_explained(app: Flask, feature: str) -> None:
    command = app.cli.commands[feature]
    names = [f"{feature} {name}" for name in command.commands] if isinstance(command, Group) else [feature]
    assert [name for name in names if f"`{name}" not in OPERATIONS or f"`{name}" not in README] == []


def test_make_targets_are_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [target for target in targets if target not in {"lock", "clean"} and f"make {target}" not in README] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
