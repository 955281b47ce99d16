"""Bytes of a file in pieces, unpacked when they are gzipped."""

import zlib
from collections.abc import Iterator
from pathlib import Path

PIECE = 4 << 20
GZIP = b"\x1f\x8b"


class Pieces:
    """The unpacked bytes of a file, piece by piece; iterate once.

    A damaged or truncated gzip gives what can be unpacked and sets `is_damaged`; `done` says how far
    into the file, packed as it is, the last piece reached.
    """

    def __init__(self, path: Path, *, size: int = PIECE) -> None:
        self.is_damaged = False
        self.done = 0.0
        self._path = path
        self._size = size
        self._length = max(1, path.stat().st_size)

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            packed = file.read(2) == GZIP
            file.seek(0)
            raw = iter(lambda: self._read(file), b"")
            yield from self._unpacked(raw) if packed else raw

    def _read(self, file) -> bytes:
        piece = file.read(self._size)
        self.done = min(1.0, file.tell() / self._length)
        return piece

    def _unpacked(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        """A gzip may be several members one after the other; each piece is bounded, however well it was packed."""
        member = zlib.decompressobj(wbits=31)
        is_begun = False
        for piece in raw:
            left = piece
            while left:
                try:
                    out = member.decompress(left, self._size)
                except zlib.error:
                    self.is_damaged = True
                    return
                is_begun = True
                if out:
                    yield out
                left = member.unconsumed_tail
                if member.eof:
                    left = member.unused_data.lstrip(b"\0")
                    member, is_begun = zlib.decompressobj(wbits=31), False
        self.is_damaged = is_begun


def is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP


def beginning(path: Path, *, size: int = 1 << 18) -> bytes:
    """The first bytes, unpacked."""
    for piece in Pieces(path, size=size):
        return piece[:size]
    return b""


def unpack(path: Path, target: Path) -> Path:
    """Unpack to a file of its own: Parquet and Excel need to jump about. A damaged file is refused by its reader."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        for piece in Pieces(path):
            file.write(piece)
    return target
