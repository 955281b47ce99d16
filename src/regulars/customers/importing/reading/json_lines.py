"""JSON lines: one object a line; numbers keep the digits they were written with."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from regulars.customers.importing.errors import CannotRead
from regulars.customers.importing.reading.batches import BadLine, Batch, shown
from regulars.customers.importing.reading.encodings import UTF8, Encoding, as_utf8, is_other
from regulars.customers.importing.reading.lines import LONGEST_CELL, Chunk, Chunks
from regulars.customers.importing.reading.streams import PIECE, Pieces

_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


class JsonLinesReader:
    """A file of JSON objects. The columns are the keys of its first megabytes; later keys appear in their batches."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path = path
        self._encoding = encoding
        first = next(self._chunks(Pieces(path, size=1 << 20)), None)
        objects = _parsed(first, encoding)[0] if first else []
        self.columns = tuple(dict.fromkeys(key for item in objects for key in item))
        if not self.columns:
            raise CannotRead("No line holds a JSON object with keys.")

    def batches(self) -> Iterator[Batch]:
        """Every object once; lines that are none stand in `bad`."""
        pieces = Pieces(self._path, size=PIECE)
        chunks = Chunks(as_utf8(pieces, self._encoding))
        last = 0
        for chunk in chunks:
            last = chunk.first + chunk.data.count(b"\n")
            objects, lines, bad = _parsed(chunk, self._encoding)
            keys = dict.fromkeys([*self.columns, *(key for item in objects for key in item)])
            columns = {key: pa.array([_text(item.get(key)) for item in objects], pa.string()) for key in keys}
            yield Batch(columns, np.array(lines, np.int64), [*chunks.bad, *bad], pieces.done)
            chunks.bad.clear()
        bad = [*chunks.bad, *([BadLine(last, "damaged", "")] if pieces.is_damaged else [])]
        if bad:
            yield Batch({name: pa.array([], pa.string()) for name in self.columns}, np.zeros(0, np.int64), bad, 1.0)

    def _chunks(self, pieces: Pieces) -> Iterator[Chunk]:
        yield from Chunks(as_utf8(pieces, self._encoding))


def _parsed(chunk: Chunk, encoding: Encoding) -> tuple[list[dict[str, Any]], list[int], list[BadLine]]:
    objects: list[dict[str, Any]] = []
    lines: list[int] = []
    bad: list[BadLine] = []
    for number, line in enumerate(chunk.data.split(b"\n"), start=chunk.first):
        if not line.strip():
            continue
        try:
            objects.append(_object(line, encoding))
            lines.append(number)
        except ValueError as error:
            bad.append(BadLine(number, str(error), shown(line)))
    return objects, lines, bad


def _object(line: bytes, encoding: Encoding) -> dict[str, Any]:
    """The object on a line; a `ValueError` carries the code of the reason."""
    if len(line) > LONGEST_CELL:
        raise ValueError("too_long")
    if encoding.name == "cp1252" or encoding.is_mixed:
        if is_other(line, encoding):
            raise ValueError("encoding")
        line = line.decode(encoding.name).encode()
    try:
        item = _decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        is_utf8 = encoding.name != UTF8 or not is_other(line, encoding)
        raise ValueError("bad_json" if is_utf8 else "encoding") from error
    if b"\\u0000" in line and b"\\u0000" in _encoder.encode(item):
        raise ValueError("nul")
    return item


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return _encoder.encode(value).decode()
