"""One row per customer and landmark: what was known, and later what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

MISSING: Final = -1
_KEYS: Final = ("customers", "at", "group")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Numbers (NaN: not known), or codes into `levels` (-1: not known); `theme` groups what says the same."""

    name: str
    values: NDArray[Any]
    levels: tuple[str, ...] | None = None
    theme: str = "attribute"

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Where nothing is known."""
        return np.isnan(self.values) if self.levels is None else self.values == MISSING

    def taken(self, rows: NDArray[Any]) -> Column:
        """The same column of some rows."""
        return replace(self, values=self.values[rows])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rows:
    """customers[n] as the caller names them, at[n] (µs UTC; 0 in a table without time), group[n], columns, left[n]."""

    customers: NDArray[Any]
    at: NDArray[np.int64]
    group: NDArray[np.int64]
    columns: tuple[Column, ...]
    left: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.customers)

    def __repr__(self) -> str:
        lost = "" if self.left is None else f", {int(self.left.sum()):,} left"
        return f"<Rows of {len(self):,} customers at landmarks{lost}, {len(self.columns)} columns>"

    def column(self, name: str) -> Column | None:
        """A column by its name."""
        return next((column for column in self.columns if column.name == name), None)

    def taken(self, rows: NDArray[Any]) -> Rows:
        """Some of the rows, by mask or by place."""
        left = None if self.left is None else self.left[rows]
        columns = tuple(column.taken(rows) for column in self.columns)
        return Rows(self.customers[rows], self.at[rows], self.group[rows], columns, left)

    def without(self, names: Sequence[str]) -> Rows:
        """The same rows without some columns."""
        return replace(self, columns=tuple(column for column in self.columns if column.name not in names))

    def table(self) -> pa.Table:
        """An Arrow table: customer, at, (left,) and a column each."""
        import pyarrow as pa

        columns: dict[str, Any] = {"customer": pa.array(self.customers.tolist())}
        columns["at"] = pa.array(self.at.view("datetime64[us]"), pa.timestamp("us", "UTC"))
        if self.left is not None:
            columns["left"] = pa.array(self.left)
        for column in self.columns:
            columns[column.name] = _arrow(column)
        return pa.table(columns)

    def _repr_html_(self) -> str:
        from tenure.risk.pages import table_html

        return table_html(self.table().slice(0, 10), caption=repr(self)[1:-1])


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows after rows; columns must be the same ones."""
    if len(parts) == 1:
        return parts[0]
    columns = tuple(
        replace(first, values=np.concatenate([part.columns[place].values for part in parts]))
        for place, first in enumerate(parts[0].columns)
    )
    left = None if parts[0].left is None else np.concatenate([part.left for part in parts if part.left is not None])
    customers, at, group = (np.concatenate([getattr(part, name) for part in parts]) for name in _KEYS)
    return Rows(customers, at, group, columns, left)


def _arrow(column: Column) -> Any:
    import pyarrow as pa

    if column.levels is None:
        return pa.array(column.values, from_pandas=True)
    words: list[str | None] = [*column.levels, None]
    return pa.array([words[code] for code in column.values.tolist()], pa.string())
