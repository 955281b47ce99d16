"""Guards against knowing what could not have been known: each ran, and each says what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tenure.risk.errors import LabelAmongColumns, LeakyColumn
from tenure.risk.measures import auc
from tenure.risk.rows import Column, Rows
from tenure.risk.sentences import note

if TYPE_CHECKING:
    from tenure.risk.attributes import Attributes
    from tenure.risk.reading import Log

LIMIT: Final = 0.95
_BINS: Final = 20
_FALL: Final = 0.1  # AUC; recency alone is worth half of that


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard that ran: `passed`, or `warned` with what to do about it."""

    name: str
    outcome: Literal["passed", "warned"]
    finding: str
    do: str = ""

    def to_dict(self) -> dict[str, str]:
        """Plain values for JSON."""
        return asdict(self)


def log_guards(log: Log, said: Attributes | None) -> tuple[Guard, ...]:
    """What can be said of the facts themselves: repeats, facts dated ahead, and how much of `recorded` was assumed."""
    repeated = (
        Guard("duplicates", "warned", note("facts-repeated", facts=f"{log.duplicates:,}"), note("do-add-amounts"))
        if log.duplicates
        else Guard("duplicates", "passed", note("facts-once"))
    )  # fmt: skip
    ahead = (
        Guard("future_dated", "warned", note("facts-ahead", facts=f"{log.future:,}"), note("do-check-clocks"))
        if log.future
        else Guard("future_dated", "passed", note("facts-ahead-none"))
    )  # fmt: skip
    found = [repeated, ahead, _assumed(log)]
    if said is not None and said.columns:
        found.append(_as_of_today(said))
    return tuple(found)


def check_columns(rows: Rows, *, allow: Sequence[str] = ()) -> tuple[Guard, ...]:
    """Refuse a column that is the label, or that alone tells who left with an AUC above .95; else say the strongest.

    Both directions count, and so does any shape: a column is cut into up to 20 bins (and one for not known), each
    bin's share of leavers is learnt on one half of the groups and judged on the other. Raises LabelAmongColumns and
    LeakyColumn, unless the column is in `allow`.
    """
    assert rows.left is not None
    found = {column.name: single_auc(column, rows.left, rows.group) for column in rows.columns}
    for column in rows.columns:
        if column.name in allow:
            continue
        if _is_label(column, rows.left):
            raise LabelAmongColumns(column=column.name)
        if found[column.name] > LIMIT:
            raise LeakyColumn(column=column.name, auc=found[column.name], limit=f"{LIMIT:.2f}")
    strongest = max(found, key=lambda name: found[name], default="")
    vouched = sorted(name for name in allow if found.get(name, 0) > LIMIT)
    words = {"column": strongest, "auc": f"{found.get(strongest, 0.5):.3f}", "limit": LIMIT}
    if vouched:
        told = note("strongest-column-allowed", **words, allowed=", ".join(vouched))
        return (Guard("single_column", "warned", told, note("do-know-before")), _label())
    return (Guard("single_column", "passed", note("strongest-column", **words)), _label())


def blanked_guard(auc_now: float, auc_earlier: float, *, days: int, rows: int) -> Guard:
    """What the last days before a landmark are worth: scored again as if asked that much earlier."""
    change = auc_earlier - auc_now
    words = note(
        "blanked", days=days, now=f"{auc_now:.3f}", earlier=f"{auc_earlier:.3f}", change=f"{change:+.3f}",
        rows=f"{rows:,}",
    )  # fmt: skip
    if change >= -_FALL:
        return Guard("blanked", "passed", words)
    return Guard("blanked", "warned", words, note("do-look-at-the-end"))


def single_auc(column: Column, left: NDArray[np.bool_], group: NDArray[np.int64]) -> float:
    """How well one column alone tells leavers apart, in whatever shape; never below .5 by more than chance."""
    found = 0.5
    bins = _binned(column)
    half = group % 2 == 0
    for learn, judge in ((half, ~half), (~half, half)):
        if left[judge].any() and not left[judge].all() and left[learn].any():
            shares = _shares(bins[learn], left[learn], int(bins.max()) + 1)
            found = max(found, auc(left[judge], shares[bins[judge]]))
    if column.levels is None and not column.is_missing.all():
        known = ~column.is_missing
        if left[known].any() and not left[known].all():
            plain = auc(left[known], column.values[known])
            found = max(found, (max(plain, 1 - plain) - 0.5) * float(known.mean()) + 0.5)
    return found


def _shares(bins: NDArray[np.int64], left: NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    base = float(left.mean())
    lost, there = np.bincount(bins, weights=left, minlength=count), np.bincount(bins, minlength=count)
    return (lost + base) / (there + 1)


def _binned(column: Column) -> NDArray[np.int64]:
    """Codes 1.. and 0 for not known."""
    if column.levels is not None:
        return column.values.astype(np.int64) + 1
    known = column.values[~column.is_missing]
    if not len(known):
        return np.zeros(len(column.values), np.int64)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1], method="lower"))
    bins = np.searchsorted(edges, column.values, side="left") + 1
    return np.where(column.is_missing, 0, bins)


def _is_label(column: Column, left: NDArray[np.bool_]) -> bool:
    if column.is_missing.any():
        return False
    values = column.values == column.values[0]
    if column.levels is None and len(np.unique(column.values[:1000])) > 2:
        return False
    return bool((values == left).all() or (values == ~left).all())


def _label() -> Guard:
    return Guard("label_among_columns", "passed", note("label-not-among-columns"))


def _assumed(log: Log) -> Guard:
    if log.assumed == 0:
        return Guard("recorded", "passed", note("recorded-always"))
    return Guard("recorded", "warned", note("recorded-assumed", share=f"{log.assumed:.1%}"), note("do-say-recorded"))


def _as_of_today(said: Attributes) -> Guard:
    if said.recorded is not None:
        return Guard("attributes", "passed", note("attributes-as-known"))
    return Guard("attributes", "warned", note("attributes-of-today"), note("do-say-attributes-recorded"))
