"""Where Chromium is; `python -m dev.browser` installs it when it is nowhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """The program to start. Raises SystemExit with what to install when there is none."""
    found = _named() or _playwrights()
    if found is None:
        raise SystemExit(
            "There is no Chromium. Install one (Debian, as root: apt-get install chromium) or set CHROMIUM."
        )
    return found


def _named() -> str | None:
    named = os.environ.get("CHROMIUM", "")
    if named and not Path(named).exists():
        raise SystemExit("CHROMIUM names a file that is not there.")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def _playwrights() -> str | None:
    """The one that `playwright install chromium` has fetched, if any."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))), None)


def install() -> None:
    """Bring a Chromium: Debian's as root, else Playwright's own."""
    if _named() or _playwrights():
        return
    apt_get = shutil.which("apt-get")
    if apt_get and os.geteuid() == 0:
        print("Installing Chromium for the browser tests ...", flush=True)
        subprocess.run([apt_get, "update", "-qq"], check=False)
        subprocess.run([apt_get, "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    if _named() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    chromium_path()


if __name__ == "__main__":
    install()
