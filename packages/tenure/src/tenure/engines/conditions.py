"""What counts, as expressions of Ibis."""

from __future__ import annotations

from typing import Any

from tenure.conditions import Condition, Threshold
from tenure.engines.errors import EngineCannot
from tenure.errors import NoSuchColumn, UnreadableInput


def column_of(table: Any, name: str) -> Any:
    """One column, or a refusal that names the ones there are."""
    if name not in table.columns:
        raise NoSuchColumn(column=name, columns=", ".join(table.columns))
    return table[name]


def flag_of(condition: Any, table: Any) -> Any:
    """1 where the condition is met, 0 where it is not or nobody knows."""
    import ibis

    if condition is None:
        return ibis.literal(1, "int8")
    return ibis.ifelse(_met(condition, table).fill_null(False), 1, 0).cast("int8")


def _met(condition: Any, table: Any) -> Any:
    import ibis

    if isinstance(condition, Condition):
        met = ibis.literal(True)
        for name, wanted in condition.wanted:
            met = met & _compared(column_of(table, name), wanted).fill_null(False)
        return met
    if isinstance(condition, str):
        return _boolean(column_of(table, condition), name=condition)
    if isinstance(condition, ibis.Deferred):
        return _boolean(condition.resolve(table), name=str(condition))
    raise EngineCannot(
        what=f"a condition of type {type(condition).__name__}",
        instead="Say it with tenure.where(…), as a column of booleans, or as an expression of Ibis (ibis._.x > 1).",
    )


def _compared(column: Any, wanted: Any) -> Any:
    import ibis

    if isinstance(wanted, Threshold):
        met = ibis.literal(True)
        if wanted.low is not None:
            met = met & (column >= wanted.low)
        if wanted.high is not None:
            met = met & (column <= wanted.high)
        # Two of the engines hold NaN to be greater than every number.
        return met & ~column.isnan() if column.type().is_floating() else met & column.notnull()
    if isinstance(wanted, tuple):
        return column.isin(list(wanted))
    return column.isnull() if wanted is None else column == wanted


def _boolean(column: Any, *, name: str) -> Any:
    if not column.type().is_boolean():
        raise UnreadableInput(what=f"the condition “{name}” of type {column.type()} is not true or false")
    return column
