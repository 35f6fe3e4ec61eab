"""No file is too long to be read in one go."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LONGEST = 300
KINDS = {".py", ".html", ".css", ".js", ".txt", ".toml", ".yml"}
MADE_BY_TOOLS = {"requirements"}


def test_no_file_is_longer_than_300_lines() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    read = [ROOT / name for name in listed if Path(name).suffix in KINDS and Path(name).parts[0] not in MADE_BY_TOOLS]
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in read if path.exists()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}
