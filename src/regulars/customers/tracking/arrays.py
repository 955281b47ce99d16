"""Columns of numbers for PostgreSQL as it reads them itself: NumPy writes them, nothing is turned into text."""

import struct

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import pq
from psycopg.adapt import Dumper

_HEAD = struct.Struct(">iiIii")  # dimensions, no nulls, kind of element, length, first place
_BIGINT, _BOOLEAN = 20, 16
_BIGINTS, _BOOLEANS = 1016, 1000
_BIGINT_CELL = np.dtype([("size", ">i4"), ("value", ">i8")])
_BOOLEAN_CELL = np.dtype([("size", ">i4"), ("value", "?")])


class Bigints(bytes):
    """A `bigint[]`."""


class Booleans(bytes):
    """A `boolean[]`."""


def bigints(values: NDArray[np.int64]) -> Bigints:
    """Whole numbers as one argument."""
    return Bigints(_head(_BIGINT, len(values)) + _cells(values, _BIGINT_CELL))


def booleans(values: NDArray[np.bool_]) -> Booleans:
    """Truths as one argument."""
    return Booleans(_head(_BOOLEAN, len(values)) + _cells(values, _BOOLEAN_CELL))


def register(cursor: psycopg.Cursor) -> None:
    """Let a cursor send both; with `%b` in its statement."""
    cursor.adapters.register_dumper(Bigints, _BigintsDumper)
    cursor.adapters.register_dumper(Booleans, _BooleansDumper)


def _head(element: int, length: int) -> bytes:
    return _HEAD.pack(1, 0, element, length, 1)


def _cells(values: NDArray[np.int64] | NDArray[np.bool_], cell: np.dtype[np.void]) -> bytes:
    cells = np.empty(len(values), cell)
    cells["size"] = cell["value"].itemsize
    cells["value"] = values
    return cells.tobytes()


class _BigintsDumper(Dumper):
    format = pq.Format.BINARY
    oid = _BIGINTS

    def dump(self, obj: Bigints) -> bytes:
        return obj


class _BooleansDumper(Dumper):
    format = pq.Format.BINARY
    oid = _BOOLEANS

    def dump(self, obj: Booleans) -> bytes:
        return obj
