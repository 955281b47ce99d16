"""Customers' histories in the few numbers that suffice for the models: how often, how lately, how long, how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.pages import cells_of, page
from tenure.value.errors import AmountMissing, OpportunitiesMissing

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ROWS = 10


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Opportunities:
    """Yes-or-no chances to buy: in `frequency` of `count` periods after the first, lastly in period `recency`."""

    customers: NDArray[Any]
    frequency: NDArray[np.int64]
    recency: NDArray[np.int64]
    count: NDArray[np.int64]
    weight: NDArray[np.int64] | None = None
    unit: str = "year"
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frequency)

    def __repr__(self) -> str:
        return f"<Opportunities of {people(self):,} customers by {self.unit}>"

    def table(self) -> pa.Table:
        """An Arrow table: customer, frequency, recency, opportunities (and weight)."""
        import pyarrow as pa

        columns = {
            "customer": pa.array(self.customers.tolist()), "frequency": self.frequency, "recency": self.recency,
            "opportunities": self.count,
        }  # fmt: skip
        return pa.table(columns if self.weight is None else {**columns, "weight": self.weight})

    def chart(self, **choices: Any) -> Any:
        """How many customers took how many of their chances; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.repeats(self, **choices)

    def _repr_html_(self) -> str:
        return html_of(self)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Histories:
    """One entry per customer, times in `unit`s.

    `frequency` is x, the repeat purchases (the first is not counted); `recency` t_x, from the first to the last
    purchase; `age` T, from the first purchase to the end of watching; `mean_amount` the mean of the repeat purchases
    (NaN where there is none or it is not known); `weight` how many customers share the row, when given.
    """

    customers: NDArray[Any]
    frequency: NDArray[np.int64]
    recency: NDArray[np.float64]
    age: NDArray[np.float64]
    mean_amount: NDArray[np.float64] | None = None
    weight: NDArray[np.int64] | None = None
    opportunities: Opportunities | None = None
    unit: str = "week"
    definition: str = ""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frequency)

    def __repr__(self) -> str:
        return f"<Histories of {people(self):,} customers, {repeaters(self):,} came back, in {self.unit}s>"

    def chosen(self, rows: Any) -> Histories:
        """The same for some rows only: a mask or places."""
        cut: dict[str, Any] = {
            name: None if (values := getattr(self, name)) is None else values[rows]
            for name in ("customers", "frequency", "recency", "age", "mean_amount", "weight")
        }
        return Histories(**cut, unit=self.unit, definition=self.definition, notes=self.notes)

    def table(self) -> pa.Table:
        """An Arrow table: customer, frequency, recency, age (and mean_amount, weight)."""
        import pyarrow as pa

        columns: dict[str, Any] = {
            "customer": pa.array(self.customers.tolist()), "frequency": self.frequency,
            "recency": self.recency, "age": self.age,
        }  # fmt: skip
        if self.mean_amount is not None:
            columns["mean_amount"] = pa.array(self.mean_amount, from_pandas=True)
        if self.weight is not None:
            columns["weight"] = self.weight
        return pa.table(columns)

    def chart(self, **choices: Any) -> Any:
        """How many customers came back how often; needs `pip install tenure[chart]`."""
        from tenure.value import drawing

        return drawing.repeats(self, **choices)

    def _repr_html_(self) -> str:
        return html_of(self)


def people(histories: Histories | Opportunities) -> int:
    """How many customers there are, weights counted."""
    return len(histories) if histories.weight is None else int(histories.weight.sum())


def repeaters(histories: Histories | Opportunities) -> int:
    """How many of them came back."""
    again = histories.frequency > 0
    return int(again.sum()) if histories.weight is None else int(histories.weight[again].sum())


def amounts_of(histories: Histories) -> NDArray[np.float64]:
    """The mean amounts, or a refusal where there are none."""
    if histories.mean_amount is None:
        raise AmountMissing
    return histories.mean_amount


def opportunities_of(given: Histories | Opportunities) -> Opportunities:
    """The yes-or-no form, or a refusal where it was not asked for."""
    if isinstance(given, Opportunities):
        return given
    if given.opportunities is None:
        raise OpportunitiesMissing
    return given.opportunities


def html_of(shown: Any) -> str:
    """The first lines of a result's table and its notes, as a small page for notebooks."""
    table = shown.table()
    more = len(table) - _MOST_ROWS
    return page(
        repr(shown)[1:-1],
        table.column_names,
        cells_of(table.slice(0, _MOST_ROWS), number=",.4g"),
        rest=f"{more:,} more lines in .table()" if more > 0 else "",
        notes=shown.notes,
    )
