"""Histories that were summarised elsewhere: read, checked row by row, and refused with the row that is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenure.conditions import column_of
from tenure.errors import LengthsDiffer, UnreadableInput
from tenure.inputs import as_arrow, as_frame, read_customers
from tenure.value.errors import CustomerTwice, HistoryBad, NoHistories
from tenure.value.histories import Histories, Opportunities
from tenure.value.units import days_in

_SLACK = 1e-9


def read_histories(
    data: Any = None,
    *,
    frequency: Any,
    recency: Any,
    age: Any,
    mean_amount: Any = None,
    customer: Any = None,
    weight: Any = None,
    unit: str = "week",
) -> Histories:
    """Ready summaries, one row per customer (or per `weight` customers), as histories.

    Columns or arrays: `frequency` repeat purchases, `recency` from the first to the last purchase, `age` from the
    first to the end of watching (both in `unit`s), `mean_amount` of the repeat purchases. Rows with nothing in a
    needed column are left out and counted in `notes`; rows that cannot be (negative, recency beyond age, recency
    without a repeat) are refused by number, as are customers that appear twice.
    """
    days_in(unit)
    frame = None if data is None else as_frame(data)
    columns = {"frequency": frequency, "recency": recency, "age": age, "weight": weight, "mean_amount": mean_amount}
    read = {name: numbers_of(given_column(frame, it), name=name) for name, it in columns.items() if it is not None}
    kept, notes = _complete(read, ("frequency", "recency", "age", "weight"))
    _check_times(read, kept)
    _check_whole(read, kept)
    if "mean_amount" in read:
        refuse(kept & (read["mean_amount"] < 0), "the mean amount is below 0")
        refuse(kept & np.isinf(read["mean_amount"]), "the mean amount has no limit")
    names = _names(frame, customer, kept)
    amounts = read["mean_amount"][kept] if "mean_amount" in read else None
    x = read["frequency"][kept].astype(np.int64)
    if amounts is not None:
        amounts = np.where(x > 0, amounts, np.nan)
    return Histories(
        names, x, np.minimum(read["recency"], read["age"])[kept], read["age"][kept], amounts,
        read["weight"][kept].astype(np.int64) if "weight" in read else None,
        unit=unit, definition="summarised elsewhere", notes=notes,
    )  # fmt: skip


def read_opportunities(
    data: Any = None,
    *,
    frequency: Any,
    recency: Any,
    opportunities: Any,
    customer: Any = None,
    weight: Any = None,
    unit: str = "year",
) -> Opportunities:
    """Ready yes-or-no summaries: bought in `frequency` of `opportunities` periods, lastly in period `recency`."""
    days_in(unit)
    frame = None if data is None else as_frame(data)
    columns = {"frequency": frequency, "recency": recency, "age": opportunities, "weight": weight}
    read = {name: numbers_of(given_column(frame, it), name=name) for name, it in columns.items() if it is not None}
    kept, notes = _complete(read, tuple(read))
    _check_times(read, kept)
    _check_whole(read, kept)
    for name in ("recency", "age"):
        refuse(kept & (np.floor(read[name]) != read[name]), f"the {name} is not a whole number of periods")
    refuse(kept & (read["frequency"] > read["recency"]), "there were more purchases than periods up to the last one")
    x, t_x, n = (read[name][kept].astype(np.int64) for name in ("frequency", "recency", "age"))
    names = _names(frame, customer, kept)
    weights = read["weight"][kept].astype(np.int64) if "weight" in read else None
    return Opportunities(names, x, t_x, n, weights, unit, notes)


def numbers_of(values: Any, *, name: str) -> NDArray[np.float64]:
    """Float64 with NaN for nothing; anything that is not a number is refused."""
    import pyarrow as pa

    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return values.astype(np.float64)
    column = as_arrow(values)
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    try:
        return column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as refused:
        raise UnreadableInput(what=f"{name} is not a column of numbers ({refused})") from refused


def given_column(frame: Any, given: Any) -> Any:
    """A column by its name, or the values as they were handed over."""
    return column_of(frame, given) if frame is not None and isinstance(given, str) else given


def _complete(read: dict[str, Any], needed: tuple[str, ...]) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """The rows with every needed column; the others are counted."""
    lengths = {name: len(values) for name, values in read.items()}
    for name, length in lengths.items():
        if length != lengths["frequency"]:
            raise LengthsDiffer(
                left=name, left_length=length, right="frequency", right_length=lengths["frequency"]
            )  # fmt: skip
    kept = np.ones(lengths["frequency"], bool)
    for name in needed:
        if name in read:
            kept &= ~np.isnan(read[name])
    if not kept.any():
        raise NoHistories(why="no row has all of frequency, recency and age")
    missing = int((~kept).sum())
    notes = (f"{missing:,} rows lack a frequency, recency or age and were left out.",) if missing else ()
    return kept, notes


def _check_times(read: dict[str, Any], kept: NDArray[np.bool_]) -> None:
    x, t_x, age = read["frequency"], read["recency"], read["age"]
    for name, values in (("frequency", x), ("recency", t_x), ("age", age)):
        refuse(kept & np.isinf(values), f"the {name} has no limit")
        refuse(kept & (values < 0), f"the {name} is below 0")
    refuse(kept & (t_x > age * (1 + _SLACK) + _SLACK), "the last purchase is later than the end of watching")
    why = "there is a recency but no repeat purchase; recency runs from the first to the last purchase, so it must be 0"
    refuse(kept & (x == 0) & (t_x > 0), why)


def _check_whole(read: dict[str, Any], kept: NDArray[np.bool_]) -> None:
    x = read["frequency"]
    refuse(kept & (np.floor(x) != x), "the frequency is not a whole number")
    refuse(kept & (x > 1e7), "the frequency is beyond ten million")
    if "weight" in read:
        w = read["weight"]
        refuse(kept & ((np.floor(w) != w) | (w < 1) | np.isinf(w)), "the weight is not a whole number of 1 or more")


def refuse(bad: NDArray[np.bool_], why: str) -> None:
    """Name the first row that cannot be, if any."""
    if bad.any():
        raise HistoryBad(row=int(np.flatnonzero(bad)[0]) + 1, why=why)


def _names(frame: Any, customer: Any, kept: NDArray[np.bool_]) -> NDArray[Any]:
    """Who each row is; without a customer column, the row's number from 1 on."""
    if customer is None:
        return np.flatnonzero(kept) + 1
    codes, labels, missing = read_customers(given_column(frame, customer))
    if len(codes) != len(kept):
        raise LengthsDiffer(left="customer", left_length=len(codes), right="frequency", right_length=len(kept))
    if missing is not None:
        refuse(kept & missing, "there is no customer")
    names = codes[kept] if labels is None else labels[codes[kept]]
    seen, counts = np.unique(codes[kept], return_counts=True)
    if (counts > 1).any():
        code = int(seen[np.argmax(counts > 1)])
        raise CustomerTwice(customer=code if labels is None else labels[code], rows=int(counts.max()))
    return names
