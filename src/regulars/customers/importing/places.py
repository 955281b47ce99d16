"""Where files lie while they are imported: by content, so that the same file is kept once."""

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

PIECE = 1 << 20
REPORT_DAYS = 30


def root() -> Path:
    return Path(settings.DATA) / "imports"


def home(digest: str) -> Path:
    """Everything about one file: itself, its spools, the parts of its reports."""
    return root() / digest[:2] / digest


def file_of(digest: str) -> Path:
    return home(digest) / "file"


def spool_of(digest: str, plan_digest: str) -> Path:
    return home(digest) / f"spool-{plan_digest}"


def part_of(digest: str, import_id: int, number: int) -> Path:
    """The rows refused in one batch of running."""
    return home(digest) / f"rejected-{import_id}" / f"{number:06d}.csv"


def report_of(import_id: int) -> Path:
    """The rows refused in an import that has ended."""
    return root() / "reports" / f"{import_id}.csv"


class Arriving:
    """A file on its way in: written as it comes, named by its content once it is whole."""

    def __init__(self) -> None:
        folder = root() / "arriving"
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        self._path = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    def keep(self) -> tuple[str, int]:
        """Put the file in its place, on disk for good; returns its digest and size."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        digest = self._hash.hexdigest()
        target = file_of(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(target)
        return digest, self.size

    def give_up(self) -> None:
        with suppress(OSError):  # on a full disk what is still to be written fails once more
            self._file.close()
        self._path.unlink(missing_ok=True)


def receive(source: BinaryIO) -> tuple[str, int]:
    """Copy a file in."""
    arriving = Arriving()
    try:
        while piece := source.read(PIECE):
            arriving.write(piece)
        return arriving.keep()
    except BaseException:
        arriving.give_up()
        raise


def forget(digest: str) -> None:
    """Remove a file and what was made of it."""
    shutil.rmtree(home(digest), ignore_errors=True)


def sweep(open_digests: set[str]) -> None:
    """Remove files nobody is importing any more, uploads that broke off, and reports past their time."""
    for folder in root().glob("??/*"):
        # A file that has only just arrived may not have its import yet.
        if folder.name not in open_digests and folder.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(folder, ignore_errors=True)
    for folder, days in (("arriving", 1), ("reports", REPORT_DAYS)):
        for path in (root() / folder).glob("*"):
            if path.stat().st_mtime < time.time() - days * 86_400:
                path.unlink(missing_ok=True)
