"""Debian's packages, unpacked into a folder of ours: nothing is started, nothing of the machine's is replaced."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory


def unpack(names: list[str], folder: Path) -> None:
    """Unpack those of these packages that there are into `folder`. Where there is no apt: nothing."""
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        return
    if os.geteuid() == 0:
        subprocess.run([apt_get, "update", "-qq"], check=False)
    with TemporaryDirectory() as here:
        Path(here).chmod(0o777)  # apt fetches under a name of its own
        for name in filter(_asked("show"), names):
            subprocess.run([apt_get, "download", "-qq", name], check=False, cwd=here)
        for package in Path(here).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=False)


def program(name: str, unpacked: Path) -> str | None:
    """The machine's own, else what was unpacked, else None."""
    return shutil.which(name) or (str(unpacked) if unpacked.exists() else None)


def needs(name: str) -> list[str]:
    """The packages that this one depends on."""
    said = _asked("depends")(name)
    return [line.split()[1] for line in said.splitlines() if line.strip().startswith("Depends:")]


def _asked(verb: str) -> Callable[[str], str]:
    """What apt-cache says of a package; nothing for one that it does not know."""

    def ask(name: str) -> str:
        command = shutil.which("apt-cache") or "false"
        return subprocess.run([command, verb, name], check=False, capture_output=True, text=True).stdout

    return ask
