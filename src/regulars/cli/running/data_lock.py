"""One process tree per data directory."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any


class AlreadyRunning(Exception):
    """Regulars runs on this data directory already."""


class DataLock:
    """A lock on the data directory, held until this process ends, with a word on who holds it."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.path = data / "regulars.lock"
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)

    def take(self, *, address: str) -> None:
        """Lock the directory, or say who has it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(self._who()) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)

    def _who(self) -> str:
        data = self.path.parent
        try:
            holder = json.loads(os.pread(self._file, 4096, 0))
        except ValueError:  # it has only just started
            return f"Regulars is starting on {data} already."
        return (
            f"Regulars runs on {data} already, at {holder['address']} (process {holder['pid']}).\n"
            f"Use it there, stop it with `kill {holder['pid']}`, or choose other data: --data DIRECTORY"
        )


def holder(data: Path) -> dict[str, Any] | None:
    """Who runs on a data directory at this moment (its `pid` and `address`), if anybody."""
    path = data / "regulars.lock"
    if not path.exists():
        return None
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return json.loads(file.read() or "{}")
    return None
