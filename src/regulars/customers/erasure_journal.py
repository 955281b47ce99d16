"""The journal of erasures: a file outside the database, so that a restored backup can be told again.

One JSON line an erasure: when, and the keyed digests of the identities. It says nothing about who
they were, and is only ever added to.
"""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from regulars.kernel import settings_table

FILE = "erasures.journal"


class Entry(NamedTuple):
    """One erasure as the journal remembers it."""

    at: datetime
    digests: list[bytes]


def path() -> Path:
    """Where the journal lies."""
    return settings_table.data_directory() / FILE


def append(digests: Sequence[bytes], *, at: datetime) -> None:
    """Add one erasure, on the disk before this returns. The same one twice does no harm."""
    line = json.dumps({"at": at.isoformat(), "digests": [digest.hex() for digest in digests]}) + "\n"
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A line that a crash cut short must not swallow this one: begin on a line of our own.
        torn = b"\n" if _ends_torn() else b""
        os.write(handle, torn + line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def entries() -> Iterator[Entry]:
    """Every erasure that was written whole, oldest first."""
    if not path().exists():
        return
    with path().open() as lines:
        for line in lines:
            try:
                said = json.loads(line)
                yield Entry(datetime.fromisoformat(said["at"]), [bytes.fromhex(text) for text in said["digests"]])
            except (ValueError, KeyError, TypeError):
                continue  # cut short by a crash before its erasure went on; the erasure wrote it again


def _ends_torn() -> bool:
    with path().open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
