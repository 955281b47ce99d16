"""Files kept beside the database: attachments and pictures, each once, under the SHA-256 of its bytes.

A file is on the disk for good before the row that names it commits, so a row never names what is
not there; a file without a row is swept away by whoever owns the rows.
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from regulars.kernel.errors import NoRoom

SMALL_PICTURES: Final = "small-pictures"  # see kernel/pictures
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def store(content: bytes) -> str:
    """Keep these bytes and return their digest in hexadecimal; storing them again changes nothing.

    Raises NoRoom when the disk is full, with nothing kept.
    """
    digest = hashlib.sha256(content).hexdigest()
    place = path(digest)
    try:
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_for_good(place, content)
        else:
            place.touch()  # younger than any sweep, which spares what is young
    except OSError as fault:
        if is_full(fault):
            raise NoRoom from fault
        raise
    return digest


def is_full(fault: OSError) -> bool:
    """Whether something failed for want of room on the disk."""
    return fault.errno in _FULL


def read(digest: str) -> bytes:
    """The bytes of a stored file; raises FileNotFoundError when it is not there."""
    return path(digest).read_bytes()


def path(digest: str) -> Path:
    """Where a file lies; the digest is 64 hexadecimal letters and nothing else."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a digest")
    return folder() / digest[:2] / digest


def remove(digest: str) -> bool:
    """Take a file away, and the small picture that was made of it; false when it was gone already."""
    try:
        (Path(settings.DATA) / SMALL_PICTURES / digest[:2] / digest).unlink(missing_ok=True)
        path(digest).unlink()
    except FileNotFoundError:
        return False
    return True


def stored() -> Iterator[tuple[str, float]]:
    """Every stored file's digest, with when it was written or asked for again (Unix seconds)."""
    for place in folder().glob("??/*"):
        if len(place.name) == 64:
            yield place.name, place.stat().st_mtime


def folder() -> Path:
    """The folder of files in the data directory."""
    return Path(settings.DATA) / "files"


def _write_for_good(place: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix="new-")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
