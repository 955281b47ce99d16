"""What counts: conditions on facts, said as `where(name="Order Completed", total=at_least(50))`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenure.errors import LengthsDiffer, NoSuchColumn, UnreadableInput

if TYPE_CHECKING:
    import narwhals as nw


@dataclass(frozen=True, slots=True)
class Threshold:
    """Bounds on a number; an absent end is open, and a null never meets it."""

    low: Any = None
    high: Any = None

    def __str__(self) -> str:
        if self.low is None:
            return f"at most {self.high}"
        return f"at least {self.low}" if self.high is None else f"between {self.low} and {self.high}"


@dataclass(frozen=True, slots=True)
class Condition:
    """All of these properties, each equal to a value, one of several, or within a threshold."""

    wanted: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return " and ".join(f"{column} {_worded(value)}" for column, value in self.wanted) or "any fact"


def where(**properties: Any) -> Condition:
    """A condition on columns: a plain value means equal, a list or set means one of, a threshold means within."""
    return Condition(tuple((name, _frozen(value)) for name, value in properties.items()))


def at_least(low: Any) -> Threshold:
    """`low` or more."""
    return Threshold(low=low)


def at_most(high: Any) -> Threshold:
    """`high` or less."""
    return Threshold(high=high)


def between(low: Any, high: Any) -> Threshold:
    """From `low` to `high`, both included."""
    return Threshold(low=low, high=high)


def mask_of(condition: Any, frame: nw.DataFrame[Any] | None, *, count: int) -> NDArray[np.bool_] | None:
    """Which facts meet the condition; None when every one does."""
    if condition is None:
        return None
    if isinstance(condition, Condition):
        return _meets(condition, _needed(frame, condition))
    if isinstance(condition, str):
        return _booleans(column_of(_needed(frame, condition), condition), count=count)
    if _is_expression(condition):
        return _booleans(_expressed(condition, _needed(frame, condition)), count=count)
    if isinstance(condition, Callable):
        return _booleans(condition(_needed(frame, condition).to_native()), count=count)
    return _booleans(condition, count=count)


def words_of(condition: Any) -> str:
    """The condition as the question states it."""
    if condition is None:
        return "any fact"
    if isinstance(condition, (Condition, str)):
        return str(condition)
    return "facts chosen by a mask" if hasattr(condition, "__len__") else f"facts where {condition}"


def column_of(frame: nw.DataFrame[Any], name: str) -> nw.Series[Any]:
    """One column, or a refusal that names the ones there are."""
    if name not in frame.columns:
        raise NoSuchColumn(column=name, columns=", ".join(map(str, frame.columns)))
    return frame[name]


def _meets(condition: Condition, frame: nw.DataFrame[Any]) -> NDArray[np.bool_] | None:
    mask = None
    for name, value in condition.wanted:
        hit = _booleans(_compared(column_of(frame, name), value), count=len(frame))
        mask = hit if mask is None else mask & hit
    return mask


def _compared(column: nw.Series[Any], value: Any) -> nw.Series[Any]:
    if isinstance(value, Threshold):
        low = column >= value.low if value.low is not None else None
        high = column <= value.high if value.high is not None else None
        if low is None:
            return ~column.is_null() if high is None else high
        return low if high is None else low & high
    if isinstance(value, tuple):
        return column.is_in(list(value))
    return column.is_null() if value is None else column == value


def _booleans(values: Any, *, count: int) -> NDArray[np.bool_]:
    """A plain mask; unknown is not met."""
    import narwhals as nw

    series = nw.from_native(values, series_only=True, pass_through=True)
    if isinstance(series, nw.Series):
        values = series.fill_null(False).to_numpy() if series.null_count() else series.to_numpy()
    mask = np.asarray(values)
    if mask.dtype == object:
        mask = np.array([value is True or value == True for value in mask], bool)  # noqa: E712
    if len(mask) != count:
        raise LengthsDiffer(left="the condition", left_length=len(mask), right="the input", right_length=count)
    if mask.dtype != bool:
        raise UnreadableInput(what=f"a condition of type {mask.dtype} is not true or false")
    return mask


def _expressed(expression: Any, frame: nw.DataFrame[Any]) -> Any:
    import narwhals as nw

    if isinstance(expression, nw.Expr):
        return frame.select(expression.alias("condition"))["condition"]
    return frame.to_native().select(expression.alias("condition"))["condition"]


def _is_expression(condition: Any) -> bool:
    return type(condition).__name__ == "Expr" and hasattr(condition, "alias")


def _needed(frame: nw.DataFrame[Any] | None, condition: Any) -> nw.DataFrame[Any]:
    if frame is None:
        raise UnreadableInput(what=f"the condition “{condition}” needs columns, and only arrays were given")
    return frame


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, set, frozenset)) else value


def _worded(value: Any) -> str:
    if isinstance(value, tuple):
        return "is one of " + ", ".join(map(str, value))
    return str(value) if isinstance(value, Threshold) else f"is {value}"
