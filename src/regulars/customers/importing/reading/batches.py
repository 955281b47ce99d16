"""What readers hand on."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class BadLine(NamedTuple):
    """A line that could not even be split into cells."""

    line: int
    reason: str
    text: str


class Batch(NamedTuple):
    """Rows as columns of one length; `lines` says where each stands in the file, `done` how far that is (0 to 1)."""

    columns: dict[str, pa.Array]
    lines: NDArray[np.int64]
    bad: Sequence[BadLine]
    done: float

    @property
    def size(self) -> int:
        return len(self.lines)


def shown(line: bytes) -> str:
    """The beginning of a broken line, readable whatever it holds."""
    return line[:1000].replace(b"\0", b"\xef\xbf\xbd").decode("utf-8", "replace").rstrip("\r\n")


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Column names as they can be told apart: trimmed, the empty and the repeated numbered."""
    seen: dict[str, int] = {}
    result = []
    for position, name in enumerate(names, start=1):
        plain = name.strip().lstrip("\ufeff") or f"column {position}"
        seen[plain] = seen.get(plain, 0) + 1
        result.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return tuple(result)
