"""A disk of some megabytes, made of memory, that can be filled to its last byte. Only who may mount one has it."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MEBIBYTES = 64
PORTION = b"\0" * 65536


@dataclass(frozen=True, slots=True)
class SmallDisk:
    place: Path

    @property
    def _filler(self) -> Path:
        return self.place / "filler"

    def fill(self) -> None:
        """Nothing more can be written; what is there can be read."""
        with suppress(OSError), self._filler.open("ab", buffering=0) as filler:
            while filler.write(PORTION) == len(PORTION):
                pass
        if os.statvfs(self.place).f_bavail:
            raise OSError(errno.EEXIST, "The disk is not full.")

    def empty(self) -> None:
        self._filler.unlink(missing_ok=True)


@contextmanager
def mounted(place: Path) -> Iterator[SmallDisk | None]:
    """None where nothing may be mounted."""
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m,mode=755", "tmpfs", str(place)],
        check=False,
        stderr=subprocess.DEVNULL,
    )
    if made.returncode:
        yield None
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False)
