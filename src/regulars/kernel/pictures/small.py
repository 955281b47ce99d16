"""The small picture of a stored file, asked for by its digest."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

from django.conf import settings

from regulars.kernel import files

TYPE: Final = "image/webp"
SMALL_ALREADY: Final = 30_000  # bytes: making these smaller costs more than it saves
LARGEST: Final = 30 * 1024 * 1024
LIMIT_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 2.0
_turns = threading.BoundedSemaphore(2)


def of(digest: str) -> Path | None:
    """Where the small one lies, made now if it was not there; None where the whole one is to be shown.

    One that cannot be made is tried once. While others are being made, nobody waits long for theirs.
    """
    place = path(digest)
    if not place.exists() and not _make(digest, place):
        return None
    return place if place.stat().st_size else None


def path(digest: str) -> Path:
    """Beside the folder of files: what is in here can be made again."""
    return Path(settings.DATA) / files.SMALL_PICTURES / digest[:2] / digest


def _make(digest: str, place: Path) -> bool:
    try:
        whole = files.path(digest)
        if not SMALL_ALREADY < whole.stat().st_size <= LARGEST:
            return False
        if not _turns.acquire(timeout=PATIENCE_SECONDS):
            return False
        try:
            _keep(place, _made_of(whole))
        finally:
            _turns.release()
    except (OSError, ValueError):
        return False  # it is not there, or the disk is full: the whole one is shown, or missed, by whoever asked
    return True


def _made_of(whole: Path) -> bytes:
    """Made by a process of its own, which a picture may bring down without harm; empty when it did."""
    command = [sys.executable, "-m", "regulars.kernel.pictures.child"]
    surroundings = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}
    with whole.open("rb") as content:
        try:
            child = subprocess.run(
                command, stdin=content, capture_output=True, timeout=LIMIT_SECONDS, env=surroundings, check=False
            )
        except subprocess.TimeoutExpired:
            return b""
    return child.stdout if child.returncode == 0 else b""


def _keep(place: Path, small: bytes) -> None:
    """In its place at once and whole; two who make the same one do no harm."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix="new-")
    with os.fdopen(handle, "wb") as new:
        new.write(small)
    Path(name).replace(place)
