"""`make run`: services, migrations, the demo, then web, worker and beat until Ctrl-C or SIGTERM."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

from honcho.manager import Manager

from dev.home import Busy, Home
from dev.services import ServiceError

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "tests" / "data" / "sample_groups.json"
BIN = Path(sys.executable).parent
STOPPED = {None, 0, -signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT, 128 + signal.SIGTERM}
"""How the processes end when they are told to."""
PROCESS = re.compile(r"^([a-z]+): (.+)$", re.MULTILINE)


class Stopped(BaseException):
    """SIGTERM came while the services were starting."""


def main() -> None:
    port = _port()
    home = Home(Path(os.environ.get("DATA_DIR") or "var"))
    signal.signal(signal.SIGTERM, _stop)
    try:
        with home.held():
            _refuse_taken(port)
            _run(home, port)
    except Busy:
        raise SystemExit(
            f"Groupsite runs already on the data in {home.folder}. Stop it first, or set DATA_DIR."
        ) from None
    except ServiceError as error:
        raise SystemExit(str(error)) from None
    except (Stopped, KeyboardInterrupt):
        raise SystemExit(0) from None


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004  TCP
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  where the server will listen
        except OSError:
            raise SystemExit(
                f"Port {port} is taken by another program. Choose another one: make run PORT=8001"
            ) from None


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _run(home: Home, port: int) -> None:
    with home.services() as (postgres, valkey):
        environment = home.environment(postgres.url("groupsite"), valkey.url(), port)
        environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
        _flask(environment, "db", "upgrade")
        has_demo = environment.get("DEMO", "1") != "0" and _load_demo(environment)
        _greet(home, port, environment, has_demo=has_demo)
        raise SystemExit(_serve(environment))


def _load_demo(environment: dict[str, str]) -> bool:
    """Into an empty database only. Whether the demo's people can sign in."""
    loaded = _flask(environment, "demo", "load", str(DEMO), may_fail=True)
    return loaded == 0 or (Path(environment["BEAT_SCHEDULE"]).parent / "demo").exists()


def _flask(environment: dict[str, str], *words: str, may_fail: bool = False) -> int:
    done = subprocess.run(
        [str(BIN / "flask"), "--app", "groupsite", *words],
        check=False,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if may_fail else None,
    )
    if done.returncode and not may_fail:
        raise SystemExit(f"`flask {words[0]}` failed; nothing was started. What it said stands above.")
    return done.returncode


def _greet(home: Home, port: int, environment: dict[str, str], *, has_demo: bool) -> None:
    print(f"\nGroupsite is at http://127.0.0.1:{port}")
    if has_demo:
        (home.folder / "demo").touch()
        print("People of the demo, who can sign in:")
        sys.stdout.flush()
        subprocess.run(
            [str(BIN / "flask"), "--app", "groupsite", "demo", "show", str(DEMO)],
            check=False,
            cwd=ROOT,
            env=environment,
        )
    print(f"Mail lands in {home.mail.resolve()}" if environment["MAIL_URL"].startswith("maildir") else "Mail is sent.")
    print("Ctrl-C stops everything and keeps the data.\n", flush=True)


def _serve(environment: dict[str, str]) -> int:
    """The processes of the Procfile, until one ends or we are stopped; all of them are stopped then."""
    manager = Manager()
    for name, command in PROCESS.findall((ROOT / "Procfile").read_text()):
        manager.add_process(name, f"exec {command}", env=environment, cwd=str(ROOT))
    signal.signal(signal.SIGTERM, lambda *_: manager.terminate())
    manager.loop()
    code = manager.returncode
    if code in STOPPED:
        return 0
    print(
        f"A process ended by itself ({code}); what it said last stands above. Everything was stopped, the data is kept."
    )
    return int(code) if code > 0 else 1


if __name__ == "__main__":
    main()
