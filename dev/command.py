"""`dev/flask ...`: one command against the services of DATA_DIR, running or not."""

import os
import subprocess
import sys
from pathlib import Path

from dev.home import DATABASE, Busy, Home
from dev.run import BIN, ROOT
from dev.services import start_postgres


def main() -> None:
    home = Home(Path(os.environ.get("DATA_DIR") or "var"))
    port = int(os.environ.get("PORT") or "8000")
    try:
        with home.held(), home.services() as (postgres, valkey):
            environment = home.environment(postgres.url(DATABASE), valkey.url(), port)
            _flask(environment, "db", "upgrade", quietly=True)
            code = _flask(environment, *sys.argv[1:])
    except Busy:
        url = start_postgres(home.folder / "postgres").url(DATABASE)
        redis = f"redis://127.0.0.1:{home.port_note.read_text()}/0"
        code = _flask(home.environment(url, redis, port), *sys.argv[1:])
    raise SystemExit(code)


def _flask(environment: dict[str, str], *words: str, quietly: bool = False) -> int:
    command = [str(BIN / "flask"), "--app", str(ROOT / "groupsite"), *words]
    where = {"stdout": subprocess.DEVNULL} if quietly else {}
    return subprocess.run(command, check=False, env=environment, **where).returncode  # type: ignore[call-overload, no-any-return]


if __name__ == "__main__":
    main()
