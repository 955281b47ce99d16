"""Checked rows on disk, between checking and running: made once per file and plan, then read in order.

Rows that belong together (the lines of an order) lie in one bucket, so that a bucket fits in memory
however long the file is. A spool without its `found.json` is unfinished and is made again.
"""

import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

RAW = "raw:"
ROWS_A_BUCKET = 400_000
MOST_BUCKETS = 128


def buckets_for(rows: int) -> int:
    """How many buckets a file of about so many rows wants."""
    return max(1, min(MOST_BUCKETS, -(-rows // ROWS_A_BUCKET)))


class Writer:
    """Takes tables of checked rows; `key` names the column that keeps rows together."""

    def __init__(self, folder: Path, *, buckets: int, key: str | None) -> None:
        self._folder = folder
        self._buckets = buckets if key else 1
        self._key = key
        self._files: dict[int, ipc.RecordBatchFileWriter] = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def write(self, table: pa.Table) -> None:
        """Put each row into its bucket, in the order of the file."""
        if not table.num_rows:
            return
        if self._buckets == 1:
            self._to(0, table)
            return
        bucket = self._bucket_of(table)
        for number in range(self._buckets):
            if len(places := np.flatnonzero(bucket == number)):
                self._to(number, table.take(pa.array(places)))

    def finish(self, found: dict[str, Any]) -> None:
        """Close the buckets and say that the spool is whole."""
        for file in self._files.values():
            file.close()
        unfinished = self._folder / "found.json.new"
        unfinished.write_text(json.dumps({**found, "buckets": self._buckets}))
        unfinished.rename(self._folder / "found.json")

    def _bucket_of(self, table: pa.Table) -> np.ndarray:
        encoded = table[self._key].combine_chunks().dictionary_encode()
        hashes = np.array([zlib.crc32(value.encode()) for value in encoded.dictionary.to_pylist()], np.int64)
        return hashes[np.asarray(encoded.indices)] % self._buckets

    def _to(self, number: int, table: pa.Table) -> None:
        if number not in self._files:
            path = self._folder / f"bucket-{number:03d}.arrow"
            self._files[number] = ipc.new_file(path, table.schema, options=ipc.IpcWriteOptions(compression="lz4"))
        self._files[number].write_table(table)


@dataclass(frozen=True, slots=True)
class Spool:
    """A finished spool."""

    folder: Path
    found: dict[str, Any]

    @classmethod
    def at(cls, folder: Path) -> "Spool | None":
        """The spool in a folder, if it is whole."""
        try:
            return cls(folder, json.loads((folder / "found.json").read_text()))
        except (OSError, ValueError):
            return None

    def tables(self) -> Iterator[tuple[int, pa.Table]]:
        """Each bucket that holds anything, without the cells as they stood in the file."""
        for number in range(self.found["buckets"]):
            if self._path(number).exists():
                yield number, self._read(number, raw=False)

    def pieces(self) -> Iterator[pa.Table]:
        """The rows of the only bucket, piece by piece in the order of the file, as they stood included."""
        path = self._path(0)
        if not path.exists():
            return
        with pa.OSFile(str(path)) as source, ipc.open_file(source) as file:
            for number in range(file.num_record_batches):
                yield pa.Table.from_batches([file.get_batch(number)])

    def raw(self, number: int) -> pa.Table:
        """A bucket's line numbers and cells as they stood in the file."""
        return self._read(number, raw=True)

    def _read(self, number: int, *, raw: bool) -> pa.Table:
        with pa.OSFile(str(self._path(number))) as source:
            with ipc.open_file(source) as file:
                names = file.schema.names
            wanted = [place for place, name in enumerate(names) if name.startswith(RAW) == raw or name == "line"]
            options = ipc.IpcReadOptions(included_fields=wanted)
            source.seek(0)
            with ipc.open_file(source, options=options) as file:
                return file.read_all()

    def _path(self, number: int) -> Path:
        return self.folder / f"bucket-{number:03d}.arrow"
