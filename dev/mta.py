"""A mail server of the real kind for the tests: chasquid, which needs no rights and no place of its own on the machine."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

NAME = "chasquid"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "mta"
UNPACKED = FOLDER / "usr" / "bin" / NAME


def mta_path() -> str:
    """The program to start. Raises SystemExit with what to install when there is none."""
    found = shutil.which(NAME) or (str(UNPACKED) if UNPACKED.exists() else None)
    if found is None:
        raise SystemExit(f"There is no mail server. Install one (Debian, as root: apt-get install {NAME}).")
    return found


def install() -> None:
    """Unpack Debian's package, which starts nothing and takes no other mail server away. Where there is no apt: nothing."""
    apt_get = shutil.which("apt-get")
    if shutil.which(NAME) or UNPACKED.exists() or apt_get is None:
        return
    print("Unpacking a mail server for the tests ...", flush=True)
    if os.geteuid() == 0:
        subprocess.run([apt_get, "update", "-qq"], check=False)
    with TemporaryDirectory() as here:
        Path(here).chmod(0o777)  # apt fetches under a name of its own
        subprocess.run([apt_get, "download", "-qq", NAME], check=False, cwd=here)
        for package in Path(here).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(FOLDER)], check=False)
